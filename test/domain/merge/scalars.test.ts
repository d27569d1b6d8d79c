import { describe, expect, test } from 'vitest';
import type { FieldLabelSchema } from '../../../domain/label-schema/types.js';
import type { Json, ScalarType } from '../../../domain/labels/index.js';
import {
  checkCounts,
  type LoadOptions,
  mergeScalar,
  type ScalarMerge,
  scalarRulesFor,
  scalarTypeOf,
} from '../../../domain/merge/index.js';

interface Given extends LoadOptions {
  readonly sent?: Json;
  readonly current?: Json;
  readonly returned?: Json;
  readonly complete?: boolean;
  readonly placed?: Json;
  readonly type?: ScalarType | null;
  readonly flags?: Partial<FieldLabelSchema>;
  readonly toOtherField?: boolean;
  readonly frameField?: boolean;
}

function load(given: Given): ScalarMerge {
  const { sent = null, type = 'int', toOtherField = false, frameField = false } = given;
  const rules = scalarRulesFor({ type: 'scalar', ...given.flags }, { type, frameField, toOtherField }, given);
  const current = given.current === undefined ? (toOtherField ? null : sent) : given.current;
  const { complete = true, returned, placed } = given;
  const merge = mergeScalar({ sent, current, returned, complete, frame: 0, placed }, rules);
  checkCounts(merge.counts);
  return merge;
}

describe('a scalar', () => {
  test('is edited whatever the flags say', () => {
    const flags = { allow_additions: false, allow_deletions: false };
    expect(load({ sent: 1, returned: 2, flags }).write).toBe(2);
  });

  test('that came back as it was sent is not written', () => {
    expect(load({ sent: 1, returned: 1 })).toMatchObject({ finding: null, counts: { unchanged: 1 } });
  });

  test('is added where there was none', () => {
    expect(load({ returned: 2 })).toMatchObject({ write: 2, counts: { added: 1 } });
  });

  test('stays out where additions are not allowed', () => {
    const { finding, ...merge } = load({ returned: 2, flags: { allow_additions: false } });
    expect(finding).toMatchObject({ kind: 'REFUSED', rule: 'ADDITIONS_NOT_ALLOWED', what: 'value', theirs: 2 });
    expect(merge.write).toBeUndefined();
  });

  test.each([undefined, null])('is erased where %s came back', (returned) => {
    expect(load({ sent: 1, ...(returned === undefined ? {} : { returned }) })).toMatchObject({
      write: null,
      counts: { deleted: 1 },
    });
  });

  test('stays where deletions are not allowed', () => {
    const { finding, write } = load({ sent: 1, flags: { allow_deletions: false } });
    expect(finding?.rule).toBe('DELETIONS_NOT_ALLOWED');
    expect(write).toBeUndefined();
  });

  test('stays where the sample is not complete', () => {
    expect(load({ sent: 1, complete: false }).counts).toMatchObject({ notReturned: 1, deleted: 0 });
  });

  test('that was not sent stays where nothing came back', () => {
    expect(load({ sent: null, current: 5 }).write).toBeUndefined();
  });
});

describe('a scalar changed here and there', () => {
  test('keeps the edit made here where the annotators did not touch it', () => {
    expect(load({ sent: 1, current: 50, returned: 1 })).toMatchObject({
      left: 1,
      finding: null,
      counts: { unchanged: 1 },
    });
  });

  test.each([
    { policy: 'HOLD', write: undefined, outcome: 'held' },
    { policy: 'OURS', write: undefined, outcome: 'kept ours' },
    { policy: 'THEIRS', write: 2, outcome: 'took theirs' },
  ] as const)('is a conflict decided by $policy', ({ policy, write, outcome }) => {
    const merge = load({ sent: 1, current: 50, returned: 2, policy });
    expect(merge.write).toBe(write);
    expect(merge.finding).toMatchObject({
      kind: 'CONFLICT',
      rule: 'CHANGED_ON_BOTH_SIDES',
      ours: 50,
      theirs: 2,
      outcome,
    });
  });

  test('is overwritten where the load is compatible', () => {
    expect(load({ sent: 1, current: 50, returned: 1, compatible: true }).write).toBe(1);
  });

  test('is not brought back silently where it was erased here', () => {
    expect(load({ sent: 1, current: null, returned: 2 }).finding?.rule).toBe('DELETED_HERE_EDITED_THERE');
  });
});

describe('the type of a scalar', () => {
  test.each<[ScalarType | null, Json, Json | undefined]>([
    ['int', 2.5, 2],
    ['int', -2.5, -2],
    ['int', 'many', undefined],
    ['int', true, undefined],
    ['float', 2, 2],
    ['float', '2', undefined],
    ['string', 4, undefined],
    ['bool', true, true],
    ['bool', 1, undefined],
    ['string', [], undefined],
    [null, 'x', 'x'],
    [null, {}, undefined],
  ])('%s given %j stores %j', (type, returned, stored) => {
    const merge = load({ type, returned });
    expect(merge.write).toEqual(stored);
    expect(merge.finding?.rule).toBe(stored === undefined ? 'WRONG_SCALAR_TYPE' : undefined);
  });

  test.each<[Json, ScalarType | null]>([
    ['x', 'string'],
    [3, 'int'],
    [0.5, 'float'],
    [true, 'bool'],
    [[], null],
    [null, null],
  ])('of a new field that gets %j is %s', (value, type) => {
    expect(scalarTypeOf(value)).toBe(type);
  });
});

describe('a scalar loaded into another field', () => {
  const other = { toOtherField: true };

  test('is written even where it came back as it was sent', () => {
    expect(load({ ...other, sent: 1, current: 10, returned: 1 }).write).toBe(1);
  });

  test('is copied where additions are not allowed, but a new one is not', () => {
    const flags = { allow_additions: false };
    expect(load({ ...other, sent: 1, returned: 3, flags }).write).toBe(3);
    expect(load({ ...other, sent: null, returned: 3, flags }).write).toBeUndefined();
  });

  test('leaves a value there alone where nothing came back', () => {
    expect(load({ ...other, sent: 1, current: 11 }).write).toBeUndefined();
  });

  test('is copied as sent where it was erased and deletions are not allowed', () => {
    expect(load({ ...other, sent: 1, flags: { allow_deletions: false } })).toMatchObject({
      write: 1,
      finding: { rule: 'DELETIONS_NOT_ALLOWED' },
    });
  });

  test('merges with what an earlier load put there', () => {
    expect(load({ ...other, sent: 1, placed: 2, current: 7, returned: 2 })).toMatchObject({ left: 2, finding: null });
    expect(load({ ...other, sent: 1, placed: 2, current: 2, returned: 3 }).write).toBe(3);
  });
});
