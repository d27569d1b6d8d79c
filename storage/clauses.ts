import type { SqlValue } from './sql.js';

/** Conditions of a WHERE clause, gathered one by one with their parameters (`?`, in order). */
export class Conditions {
  private readonly parts: string[] = [];
  readonly params: SqlValue[] = [];

  /** Adds a condition; nothing where `value` is undefined. */
  add(sql: string, value: SqlValue | undefined): this {
    if (value === undefined) return this;
    this.parts.push(sql);
    this.params.push(value);
    return this;
  }

  /** Adds a condition with any number of parameters. */
  addAll(sql: string, params: readonly SqlValue[]): this {
    this.parts.push(sql);
    this.params.push(...params);
    return this;
  }

  /** Adds "column is one of"; nothing where the list is undefined. */
  oneOf(column: string, values: readonly (string | number)[] | undefined): this {
    if (values === undefined) return this;
    this.parts.push(values.length === 0 ? '1 = 0' : `${column} IN (${values.map(() => '?').join(', ')})`);
    this.params.push(...values);
    return this;
  }

  /** `WHERE …`, or nothing. */
  get where(): string {
    return this.parts.length === 0 ? '' : `WHERE ${this.parts.join(' AND ')}`;
  }
}

/** `a = ?, b = ?` for the members that are not undefined, with their values. */
export function assignments(values: Readonly<Record<string, SqlValue | undefined>>): {
  readonly sql: string;
  readonly params: readonly SqlValue[];
} {
  const given = Object.entries(values).filter((entry): entry is [string, SqlValue] => entry[1] !== undefined);
  return { sql: given.map(([column]) => `${column} = ?`).join(', '), params: given.map(([, value]) => value) };
}
