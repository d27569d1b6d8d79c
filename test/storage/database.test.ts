import { describe, expect } from 'vitest';
import { test } from '../support/database.js';

describe('a transaction', () => {
  test('numbers its events from its event number on, without gaps', async ({ database }) => {
    const numbers: number[] = [];
    for (let i = 0; i < 2; i++) {
      numbers.push(
        await database.transaction(async (tx) => {
          tx.emit({ kind: 'a', detail: {} });
          const number = await tx.eventNumber();
          tx.emit({ kind: 'b', detail: {} });
          return number;
        }),
      );
    }

    const events = await database.query<{ number: number; kind: string }>(
      'SELECT number, kind FROM event ORDER BY number',
    );
    expect(numbers).toEqual([1, 3]);
    expect(events).toEqual([
      { number: 1, kind: 'a' },
      { number: 2, kind: 'b' },
      { number: 3, kind: 'a' },
      { number: 4, kind: 'b' },
    ]);
  });
});
