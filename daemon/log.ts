import { type Logger, pino } from 'pino';
import { AnnotationError } from '../domain/errors/index.js';
import type { WorkItem } from '../domain/run/index.js';
import type { DaemonContext } from './context.js';

/** Never written out, wherever in a line they stand. */
const secrets = [
  'password',
  'token',
  'secret',
  'api_key',
  'apiKey',
  'authorization',
  'credentials',
  'headers',
  'cookie',
];

/** The daemon's log: JSON lines on standard output. */
export function makeLog(level: string): Logger {
  const paths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level, base: { process: 'daemon', pid: process.pid }, redact: { paths, censor: '********' } });
}

/** Turns what the daemon tells about itself into lines. The only place that knows levels. */
export function logEvents(events: DaemonContext['events'], log: Logger): void {
  events.on('started', (nouns) => log.info(nouns, 'daemon started'));
  events.on('stopping', (nouns) => log.info(nouns, 'stopping: finishing the work in hand'));
  events.on('stopped', () => log.info('daemon stopped'));
  events.on('claimed', (item) => log.debug(named(item), 'work claimed'));
  events.on('stepDone', (item, next) => log.debug({ ...named(item), dueAt: next.dueAt }, 'step done'));
  events.on('stepRetried', (item, error, dueAt) => logFailure(log, item, error, dueAt));
  events.on('workFailed', (item, error) => log.error({ ...named(item), ...told(error) }, 'work failed'));
  events.on('workDropped', (item, error) => log.warn({ ...named(item), ...told(error) }, 'work dropped'));
  events.on('workerTroubled', (error) => log.error(told(error), 'worker troubled'));
  events.on('backendSaid', (message, nouns) => log.info(nouns, message));
}

function logFailure(log: Logger, item: WorkItem, error: unknown, dueAt: number): void {
  const nouns = { ...named(item), ...told(error), dueAt: Number.isFinite(dueAt) ? dueAt : null };
  if (error instanceof AnnotationError) log.warn(nouns, 'attempt failed');
  else log.error(nouns, 'attempt failed by a bug');
}

const named = ({ kind, id, attempts }: WorkItem) => ({ kind, id, attempts });

/** Our own errors speak for themselves; a bug needs its stack and cause. */
const told = (error: unknown): Record<string, unknown> =>
  error instanceof AnnotationError && error.cause === undefined
    ? { code: error.code, reason: error.message }
    : { err: error };
