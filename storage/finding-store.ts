import type { Json } from '../domain/labels/index.js';
import type { Finding } from '../domain/merge/types.js';
import { hexOfBytes } from './dialect.js';
import { countPending, holdLabels, holdPending, listHeld, pendingDeletions, settlePending } from './findings/held.js';
import { conditionsOfLoad, type FindingContext, insertBySample } from './findings/rows.js';
import { jsonText, parsed } from './json-columns.js';
import { pagedById, rowsOfPage } from './paging.js';
import { type Database, readerOf, sqlOf } from './sql.js';
import type { FindingStore, HeldLabel, Page, Paged, PendingRow, StoredFinding, Transaction } from './stores.js';

interface FindingRow {
  readonly id: number;
  readonly operation_id: number;
  readonly run_hex: Uint8Array;
  readonly field: string;
  readonly sample_hex: Uint8Array;
  readonly frame: number;
  readonly hex: Uint8Array | null;
  readonly kind: string;
  readonly what: string;
  readonly attribute: string | null;
  readonly rule: string;
  readonly ours: string | null;
  readonly theirs: string | null;
  readonly outcome: string;
}

/** Refusals, conflicts and labels that wait for a decision. They keep the sample's public id, so they outlive it. */
export class SqlFindingStore implements FindingStore {
  constructor(private readonly database: Database) {}

  async add(tx: Transaction, context: FindingContext, findings: Parameters<FindingStore['add']>[2]): Promise<void> {
    if (findings.length === 0) return;
    const rows = findings.map((finding) => [
      finding.sampleKey,
      finding.frame,
      finding.labelId,
      finding.field,
      finding.kind,
      finding.what,
      finding.attribute,
      finding.rule,
      jsonText(finding.ours) ?? null,
      jsonText(finding.theirs) ?? null,
      finding.outcome,
    ]);
    const members = ['field', 'kind', 'what', 'attribute', 'rule', 'ours', 'theirs', 'outcome'];
    await insertBySample(tx, 'finding', context, members, rows);
  }

  async list(page: Page, filter: Parameters<FindingStore['list']>[1]): Promise<Paged<StoredFinding>> {
    const conditions = conditionsOfLoad(page, filter)
      .oneOf('kind', filter.kinds)
      .oneOf('rule', filter.rules)
      .add('field = ?', filter.field);
    const rows = await this.database.query<FindingRow>(
      `SELECT id, operation_id, run_hex, field, sample_hex, frame, hex, kind, what, attribute, rule, ours, theirs, outcome
       FROM finding ${conditions.where} ORDER BY id LIMIT ?`,
      [...conditions.params, rowsOfPage(page)],
    );
    return pagedById(rows, page, findingOfRow);
  }

  async countByRule(filter: Parameters<FindingStore['countByRule']>[0]): ReturnType<FindingStore['countByRule']> {
    const conditions = conditionsOfLoad({ first: 0 }, filter);
    return this.database.query<{ kind: string; rule: string; count: number }>(
      `SELECT kind, rule, count(*) AS count FROM finding ${conditions.where} GROUP BY kind, rule ORDER BY kind, rule`,
      conditions.params,
    );
  }

  hold(tx: Transaction, context: FindingContext, held: Parameters<FindingStore['hold']>[2]): Promise<void> {
    return holdLabels(tx, context, held);
  }

  held(page: Page, filter: Parameters<FindingStore['held']>[1]): Promise<Paged<HeldLabel>> {
    return listHeld(this.database, page, filter);
  }

  pending(tx: Transaction, operationId: number, limit: number): Promise<readonly PendingRow[]> {
    return pendingDeletions(sqlOf(tx), operationId, limit);
  }

  countPending(operationId: number, tx?: Transaction): Promise<number> {
    return countPending(readerOf(this.database, tx), operationId);
  }

  settlePending(tx: Transaction, ids: readonly number[]): Promise<void> {
    return settlePending(sqlOf(tx), ids);
  }

  holdPending(tx: Transaction, operationId: number): Promise<void> {
    return holdPending(sqlOf(tx), operationId);
  }
}

const findingOfRow = (row: FindingRow): StoredFinding => ({
  id: row.id,
  operationId: row.operation_id,
  runId: hexOfBytes(row.run_hex),
  field: row.field,
  sampleId: hexOfBytes(row.sample_hex),
  frame: row.frame,
  labelId: row.hex === null ? null : hexOfBytes(row.hex),
  kind: row.kind as Finding['kind'],
  what: row.what as Finding['what'],
  attribute: row.attribute,
  rule: row.rule,
  ours: parsed<Json>(row.ours),
  theirs: parsed<Json>(row.theirs),
  outcome: row.outcome as Finding['outcome'],
});
