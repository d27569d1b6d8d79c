import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSettings as daemonSettings } from '../../daemon/settings.js';
import { mergeRuleCodes } from '../../domain/merge/rule-codes.js';
import { eventKinds } from '../../domain/run/events.js';
import { operationKinds, operationMoves, runMoves, taskMoves } from '../../domain/run/states.js';
import { readSettings as serverSettings } from '../../server/settings.js';
import { entities } from '../../storage/entities/index.js';
import { readDeviations } from '../conformance/main.js';
import { byCode, codesIn, rowsOf, section, textOf } from './tables.js';

const fileText = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the life of a run', () => {
  const text = textOf('run-lifecycle.md');

  test.each([
    ['Runs', runMoves],
    ['Tasks', taskMoves],
    ['Operations', operationMoves],
  ])('%s move in the document as in the code', (heading, moves) => {
    const states = byCode(section(text, heading));
    const documented = Object.keys(moves).map((state) => [state, codesIn(states.get(state)?.[2])]);
    expect(Object.fromEntries(documented)).toEqual(moves);
  });

  test('names no state that the code does not have', () => {
    const known = ['Runs', 'Tasks'].flatMap((heading) => [...byCode(section(text, heading)).keys()]);
    expect(new Set(known)).toEqual(new Set([...Object.keys(runMoves), ...Object.keys(taskMoves)]));
  });

  test('names every operation', () => {
    const known = [...byCode(section(text, 'Operations')).keys()];
    expect(known).toEqual([...Object.keys(operationMoves), ...operationKinds]);
  });
});

test('every rule is in the document, in the words of the code', () => {
  const rows = rowsOf(section(textOf('merging.md'), 'Rule codes'));
  expect(Object.fromEntries(rows.map(([code, words]) => [codesIn(code)[0], words]))).toEqual(mergeRuleCodes);
});

test('every kind of event is in the document, in the words of the code', () => {
  const rows = rowsOf(section(textOf('architecture.md'), 'Events'));
  expect(Object.fromEntries(rows.map(([kind, words]) => [codesIn(kind)[0], words]))).toEqual(eventKinds);
});

describe.each([
  ['Server', 'server/settings.ts', serverSettings],
  ['Daemon', 'daemon/settings.ts', daemonSettings],
] as const)('the settings of the %s', (heading, file, read) => {
  const rows = byCode(section(textOf('settings.md'), heading));
  const withoutDefault = /^ANNOGATE_(DATABASE_URL|SECRET_KEY|MEDIA_ROOTS|EXPORT_ROOTS|CRASH_AT)$/;

  test('are all there', () => {
    const inCode = fileText(file).matchAll(/^ {2}(ANNOGATE_[A-Z_]+):/gm);
    expect([...rows.keys()].sort()).toEqual([...inCode].map((match) => match[1]).sort());
  });

  test.each([...rows].filter(([name]) => !withoutDefault.test(name)))(
    '%s has the default that it is said to have',
    (name, row) => {
      const [preset] = codesIn(row[1]);
      expect(preset).toBeDefined();
      expect(read({ [name]: preset })).toEqual(read({}));
    },
  );

  test('without a default are said to have none', () => {
    const others = [...rows].filter(([name]) => withoutDefault.test(name));
    expect(others.flatMap(([, row]) => codesIn(row[1]))).toEqual([]);
  });
});

describe('the differences from FiftyOne', () => {
  const rows = rowsOf(textOf('differences-from-fiftyone.md'));

  test('are those that the vectors are run with, each with its case and what we do', () => {
    expect(rows.map(([name]) => codesIn(name)[0]).sort()).toEqual(Object.keys(readDeviations()).sort());
    for (const [, sayings, doings] of rows) expect([sayings, doings]).not.toContain('');
  });
});

describe('the reports of formats', () => {
  const documented = rowsOf(textOf('formats.md')).flatMap(([code]) =>
    codesIn(code).filter((name) => /^[A-Z_]+$/.test(name)),
  );

  test('have no code that the document lacks, and none that is not there', () => {
    const inCode = ['coco', 'fiftyone', 'media'].flatMap((format) =>
      readdirSync(new URL(`../../formats/${format}/`, import.meta.url)).flatMap((file) =>
        [...fileText(`formats/${format}/${file}`).matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map((match) => match[1]),
      ),
    );
    expect([...new Set(documented)].sort()).toEqual([...new Set(inCode)].sort());
  });
});

test('every table of the database is in the document', () => {
  const inCode = entities('sqlite').map(({ options }) => options.tableName);
  const documented = byCode(section(textOf('storage.md'), 'Tables'));
  expect([...documented.keys()].sort()).toEqual([...inCode].sort());
});
