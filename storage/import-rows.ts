import { DuplicateLabelIdError, UnknownFieldError } from '../domain/errors/index.js';
import { type FieldValue, isListClass, type Label } from '../domain/labels/index.js';
import { holdsLabels } from './as-of.js';
import type { ClassNames } from './class-names.js';
import { type Columns, insertRows, type RowValue } from './insert-rows.js';
import { insertLabels, type LabelRow, labelRow } from './label-rows.js';
import type { DatabaseTransaction } from './sql.js';
import { countLabels } from './state-writer.js';
import type { StoredField } from './stores.js';

/** Where an imported value goes. `sample` and `frame` are named in errors. */
export interface ImportPlace {
  readonly sampleKey: number;
  readonly sample: string;
  readonly frame: number;
}

interface Item {
  readonly place: ImportPlace;
  readonly field: StoredField;
  readonly value: FieldValue;
  /** Number of the value's first label on its sample. */
  readonly n: number;
}

const stateColumns: Columns = {
  sample_id: 'bigint',
  field_id: 'bigint',
  frame: 'integer',
  state: 'integer',
  value: 'text',
  labels: 'integer',
  valid_from: 'bigint',
};

/**
 * Gathers values for places where nothing is yet, and writes them in few statements without history. Values that are null
 * make no row: absent and null are the same.
 */
export class ImportRows {
  private readonly items: Item[] = [];
  private readonly next = new Map<number, number>();
  labels = 0;

  /** `numbers`: where the counters of samples stand that have labels already. */
  constructor(numbers: ReadonlyMap<number, number> = new Map()) {
    this.next = new Map(numbers);
  }

  add(place: ImportPlace, field: StoredField, value: FieldValue): void {
    if (isNull(field, value)) return;
    const n = this.next.get(place.sampleKey) ?? 0;
    const labels = value.labels ?? [];
    checkIds(place, field, labels);
    this.items.push({ place, field, value, n });
    this.next.set(place.sampleKey, n + labels.length);
    this.labels += labels.length;
  }

  /** How far the counter of a sample has come. */
  numberOf(sampleKey: number): number {
    return this.next.get(sampleKey) ?? 0;
  }

  async write(tx: DatabaseTransaction, names: ClassNames, datasetId: number, event: number): Promise<void> {
    const classes = await names.numbers(tx, datasetId, this.classNames());
    const states: RowValue[][] = [];
    const labels: LabelRow[] = [];
    const counts = new Map<number, number>();
    for (const { place, field, value, n } of this.items) {
      const { sampleKey, frame } = place;
      const list = value.labels ?? [];
      states.push([sampleKey, field.id, frame, 1, value.value, list.length, event]);
      for (const [i, label] of list.entries())
        labels.push(labelRow(label, { sampleKey, fieldId: field.id, frame, n: n + i, event }, classes));
      counts.set(field.id, (counts.get(field.id) ?? 0) + list.length);
    }
    await insertRows(tx, 'sample_field', stateColumns, states);
    await insertLabels(tx, labels);
    for (const [fieldId, count] of counts) await countLabels(tx, fieldId, count);
  }

  private *classNames(): Iterable<string> {
    for (const { value } of this.items) for (const { label } of value.labels ?? []) if (label !== null) yield label;
  }
}

/** Whether a value says that the field is null: a single label that is not there, a scalar without value. */
export function isNull(field: StoredField, { labels, value }: FieldValue): boolean {
  if (!holdsLabels(field)) return value === null;
  return labels === null || (labels.length === 0 && value === null && !isListClass(field.type));
}

function checkIds(place: ImportPlace, field: StoredField, labels: readonly Label[]): void {
  if (labels.length < 2) return;
  const seen = new Set<string>();
  for (const { id } of labels) {
    if (seen.has(id)) throw new DuplicateLabelIdError(place.sample, field.name, place.frame, id);
    seen.add(id);
  }
}

/** The fields of a dataset by name; UNKNOWN_FIELD for one that it does not have. */
export class FieldsByName {
  private readonly byName: ReadonlyMap<string, StoredField>;

  constructor(fields: readonly StoredField[]) {
    this.byName = new Map(fields.map((field) => [field.name, field]));
  }

  get(name: string): StoredField {
    const field = this.byName.get(name);
    if (field === undefined) throw new UnknownFieldError(name, [...this.byName.keys()]);
    return field;
  }
}
