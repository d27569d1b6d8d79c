import { describe, expect, test } from 'vitest';
import { withDollars } from '../../storage/placeholders.js';

describe('placeholders for PostgreSQL', () => {
  test.each([
    ['SELECT ? + ?', 'SELECT $1 + $2'],
    ['SELECT ?2, ?1, ?2', 'SELECT $2, $1, $2'],
    ["SELECT '?', ?", "SELECT '?', $1"],
    ["SELECT 'it''s ?', ?", "SELECT 'it''s ?', $1"],
    ['SELECT "a?""b", ?', 'SELECT "a?""b", $1'],
    ['SELECT ? -- why?\n, ?', 'SELECT $1 -- why?\n, $2'],
    ['SELECT /* ? */ ?', 'SELECT /* ? */ $1'],
    ['SELECT ?3, ?', 'SELECT $3, $4'],
  ])('%s', (sql, expected) => {
    expect(withDollars(sql)).toBe(expected);
    expect(withDollars(sql)).toBe(expected);
  });
});
