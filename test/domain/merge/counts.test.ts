import { describe, expect, test } from 'vitest';
import { addCounts, checkCounts, emptyCounts } from '../../../domain/merge/index.js';

describe('the counting rule', () => {
  test('holds where every label met one end', () => {
    const counts = {
      ...emptyCounts(),
      returned: 3,
      sent: 3,
      matched: 2,
      added: 1,
      edited: 1,
      refused: 2,
      refusedDeletions: 1,
    };
    expect(() => checkCounts(counts)).not.toThrow();
  });

  test('breaks where a returned label is missing', () => {
    expect(() => checkCounts({ ...emptyCounts(), returned: 2, added: 1 })).toThrow(
      expect.objectContaining({ code: 'COUNTS_DO_NOT_ADD_UP', side: 'returned', labels: 2, accounted: 1 }),
    );
  });

  test('breaks where a sent label is counted twice', () => {
    expect(() => checkCounts({ ...emptyCounts(), sent: 1, deleted: 1, notReturned: 1 })).toThrow(
      expect.objectContaining({ side: 'sent', labels: 1, accounted: 2 }),
    );
  });

  test('adds up over samples', () => {
    const sum = { ...emptyCounts(), added: 1 };
    addCounts(sum, { ...emptyCounts(), added: 2, sent: 5 });
    expect(sum).toMatchObject({ added: 3, sent: 5 });
  });
});
