import { EventEmitter } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import type { DaemonContext, DaemonEvents } from '../../daemon/context.js';
import { crashedTooOften, type FailureHandling, handleFailure, workErrorOf } from '../../daemon/failures.js';
import { BackendError, CredentialsNeededError, DatabaseBusyError, LeaseLostError } from '../../domain/errors/index.js';
import type { Lease } from '../../domain/run/index.js';

const now = 1_000_000;
const retry = { first: 1_000, longest: 60_000, attempts: 4 };
const events = new EventEmitter<DaemonEvents>();
const context = { settings: { retry }, clock: () => now, random: () => 1, events } as unknown as DaemonContext;

const lease = (attempts: number): Lease => ({
  item: { kind: 'task', id: '7', attempts },
  token: 't',
  trustedUntil: now,
});
const handling = (patient = false) =>
  ({ patient, note: vi.fn(async () => {}), giveUp: vi.fn(async () => {}) }) satisfies FailureHandling;
const open = new AbortController().signal;

const overloaded = (retryAfter: number | null = null) =>
  new BackendError('cvat', 'send a task', 'it is overloaded', { retryable: true, retryAfter });
const forbidden = new BackendError('cvat', 'log in', 'wrong password', { retryable: false });

describe('a backend that may recover', () => {
  test.each([
    [1, 1_000],
    [2, 2_000],
    [3, 4_000],
  ])('is asked again after attempt %i in %i ms', async (attempts, wait) => {
    const told = handling();
    const next = await handleFailure(context, lease(attempts), open, overloaded(), told);
    expect(next).toEqual({ dueAt: now + wait, progressed: false });
    expect(told.note).toHaveBeenCalledWith(expect.objectContaining({ code: 'BACKEND_ERROR', retryable: true }));
    expect(told.giveUp).not.toHaveBeenCalled();
  });

  test('is not asked before it said', async () => {
    const next = await handleFailure(context, lease(1), open, overloaded(90_000), handling());
    expect(next.dueAt).toBe(now + 90_000);
  });

  test('is given up when the attempts are used up', async () => {
    const told = handling();
    expect(await handleFailure(context, lease(4), open, overloaded(), told)).toEqual({ dueAt: null, progressed: true });
    expect(told.giveUp).toHaveBeenCalledWith(expect.objectContaining({ code: 'BACKEND_ERROR' }));
  });

  test('is asked without end where the work is patient', async () => {
    const told = handling(true);
    const next = await handleFailure(context, lease(500), open, overloaded(), told);
    expect(next).toEqual({ dueAt: now + 60_000, progressed: false });
    expect(told.giveUp).not.toHaveBeenCalled();
  });
});

test('what cannot get better ends the work at the first attempt', async () => {
  const told = handling(true);
  await handleFailure(context, lease(1), open, forbidden, told);
  expect(told.giveUp).toHaveBeenCalledWith({ code: 'BACKEND_ERROR', message: forbidden.message, retryable: false });
});

test('a busy database is tried again', async () => {
  const next = await handleFailure(context, lease(1), open, new DatabaseBusyError(5_000), handling());
  expect(next).toEqual({ dueAt: now + 1_000, progressed: false });
});

test('missing credentials leave the work waiting until someone wakes it', async () => {
  const told = handling();
  const next = await handleFailure(context, lease(1), open, new CredentialsNeededError('run r', ['token']), told);
  expect(next).toEqual({ dueAt: null, progressed: true });
  expect(told.note).toHaveBeenCalledWith(expect.objectContaining({ code: 'CREDENTIALS_NEEDED' }));
  expect(told.giveUp).not.toHaveBeenCalled();
});

test('a bug is told without its insides, tried again, and reported with its cause', async () => {
  const bug = new TypeError('cannot read properties of undefined');
  const retried = vi.fn();
  events.once('stepRetried', retried);
  const next = await handleFailure(context, lease(1), open, bug, handling());
  expect(next.progressed).toBe(false);
  expect(retried).toHaveBeenCalledWith(expect.anything(), bug, now + 1_000);
  expect(workErrorOf(bug)).toEqual({
    code: 'INTERNAL',
    message: expect.not.stringContaining('undefined'),
    retryable: true,
  });
});

test.each([
  ['the lease is lost', open, new LeaseLostError('task', '7')],
  ['we are stopping', AbortSignal.abort(), overloaded()],
])("is nobody's fault when %s", async (_, signal, error) => {
  const told = handling();
  await expect(handleFailure(context, lease(1), signal, error, told)).rejects.toBe(error);
  expect(told.note).not.toHaveBeenCalled();
});

test('work that ended with its process each time is not begun again', () => {
  expect(crashedTooOften(context, lease(5))).toBeNull();
  expect(crashedTooOften(context, lease(6))).toMatchObject({ code: 'WORKER_CRASHED', attempts: 5 });
});
