import { UnknownFieldError, ViewInvalidError } from '../domain/errors/index.js';
import { canonicalJson, framePrefix, isFrameField, type Json, type JsonObject } from '../domain/labels/index.js';
import type { FieldCondition, View } from '../domain/view/view.js';
import { checkView } from './check-view.js';
import { Conditions } from './clauses.js';
import { addLabelFilter, hasTag } from './label-conditions.js';
import { labelsOf } from './label-key.js';
import type { SqlRunner, SqlValue } from './sql.js';
import { addAfter, orderBy, orderColumns, orderOf, type ViewOrder } from './view-order.js';

interface FieldRow {
  readonly id: number;
  readonly name: string;
  readonly type: string;
}

/** The samples of a view as parts of a statement on `sample s`; the list of samples, if any, is `j`. */
export interface ViewParts {
  readonly from: string;
  readonly fromParams: readonly SqlValue[];
  readonly conditions: Conditions;
  readonly order: ViewOrder;
}

/**
 * SQL that selects the keys of a view's samples (column `id`) in the view's order. Throws VIEW_INVALID for what is no view
 * and UNKNOWN_FIELD for fields that the dataset does not have.
 */
export async function viewSamplesSql(
  sql: SqlRunner,
  datasetId: number,
  view: View,
): Promise<{ sql: string; params: SqlValue[] }> {
  const { from, fromParams, conditions, order } = await viewParts(sql, datasetId, view);
  const params: SqlValue[] = [...fromParams, ...conditions.params];
  return {
    sql: `SELECT s.id FROM ${from} ${conditions.where} ${orderBy(sql, order)}${span(sql, view, params)}`,
    params,
  };
}

function span({ engine }: SqlRunner, { skip, limit }: View, params: SqlValue[]): string {
  if (skip === undefined && limit === undefined) return '';
  if (limit !== undefined) params.push(limit);
  params.push(skip ?? 0);
  return ` LIMIT ${limit === undefined ? (engine === 'sqlite' ? '-1' : 'ALL') : '?'} OFFSET ?`;
}

/** The parts of a statement on a view's samples, without `skip` and `limit`. */
export async function viewParts(sql: SqlRunner, datasetId: number, view: View): Promise<ViewParts> {
  checkView(view);
  const conditions = new Conditions().add('s.dataset_id = ?', datasetId);
  addSampleConditions(sql, conditions, view);
  const fields = await fieldsOf(sql, datasetId);
  for (const [i, condition] of (view.where ?? []).entries()) addWhere(conditions, fields, condition, i);
  addUnits(sql, conditions, fields, view);
  addMatching(sql, datasetId, conditions, fields, view);
  const { each, item } = sql.dialect;
  if (view.samples === undefined) return { from: 'sample s', fromParams: [], conditions, order: orderOf(view) };
  conditions.addAll(`s.hex = ${item.hex}`, []);
  const ids = [...new Set(view.samples.map((id) => id.toLowerCase()))];
  return { from: `${each()} CROSS JOIN sample s`, fromParams: [JSON.stringify(ids)], conditions, order: orderOf(view) };
}

/** SQL for a page of a view: at most `rows` samples after the one with the values `after` of the order. */
export function pageOfView(
  sql: SqlRunner,
  parts: ViewParts,
  columns: string,
  page: { readonly after: readonly (string | number)[] | null; readonly skip: number; readonly rows: number },
): { sql: string; params: SqlValue[] } {
  const { conditions, order } = parts;
  if (page.after !== null) addAfter(sql, conditions, order, page.after);
  const places = orderColumns(sql, order).map((column, i) => `${column} AS place${i}`);
  return {
    sql: `SELECT ${columns}, ${places.join(', ')} FROM ${parts.from} ${conditions.where} ${orderBy(sql, order)} LIMIT ? OFFSET ?`,
    params: [...parts.fromParams, ...conditions.params, page.rows, page.skip],
  };
}

async function fieldsOf(sql: SqlRunner, datasetId: number): Promise<ReadonlyMap<string, FieldRow>> {
  const rows = await sql.query<FieldRow>('SELECT id, name, type FROM field WHERE dataset_id = ? ORDER BY name', [
    datasetId,
  ]);
  return new Map(rows.map((row) => [row.name, row]));
}

function fieldNamed(fields: ReadonlyMap<string, FieldRow>, name: string): FieldRow {
  const field = fields.get(name);
  if (field === undefined) throw new UnknownFieldError(name, [...fields.keys()]);
  return field;
}

/** The stored name of a field of a view: in a view of frames, names carry no prefix. */
export const storedName = (view: View | null | undefined, name: string): string =>
  view?.frames && !isFrameField(name) ? `${framePrefix}${name}` : name;

/** Conditions on the sample itself. */
export function addSampleConditions(
  sql: SqlRunner,
  conditions: Conditions,
  view: Pick<View, 'tags' | 'pathContains' | 'slices'>,
): void {
  const { each, item } = sql.dialect;
  if (view.tags !== undefined) conditions.add(hasTag(sql, 's.tags'), JSON.stringify(view.tags));
  if (view.slices !== undefined)
    conditions.add(`s.slice IN (SELECT ${item.text} FROM ${each()})`, JSON.stringify(view.slices));
  conditions.add(sql.engine === 'sqlite' ? 'instr(s.path, ?) > 0' : 'strpos(s.path, ?) > 0', view.pathContains);
}

function addWhere(
  conditions: Conditions,
  fields: ReadonlyMap<string, FieldRow>,
  condition: FieldCondition,
  i: number,
): void {
  const { field: name, equals, exists } = condition;
  if (isFrameField(name))
    throw new ViewInvalidError(
      `where[${i}].field`,
      `"${name}" is a field of frames; conditions are on fields of samples`,
    );
  if (equals === undefined && exists === undefined)
    throw new ViewInvalidError(`where[${i}]`, 'expected is "equals" or "exists"');
  const { id } = fieldNamed(fields, name);
  const filled =
    'SELECT 1 FROM sample_field f WHERE f.sample_id = s.id AND f.field_id = ? AND f.frame = 0 AND f.state = 1';
  if (equals !== undefined) conditions.addAll(`EXISTS (${filled} AND f.value = ?)`, [id, canonicalJson(equals)]);
  if (exists !== undefined) conditions.add(`${exists ? '' : 'NOT '}EXISTS (${filled})`, id);
}

/** Units other than samples: only samples that have such a unit are in the view. */
function addUnits(sql: SqlRunner, conditions: Conditions, fields: ReadonlyMap<string, FieldRow>, view: View): void {
  const units = [view.patches, view.clips, view.frames || undefined].filter((unit) => unit !== undefined);
  if (units.length > 1 && !(units.length === 2 && view.frames && view.patches !== undefined))
    throw new ViewInvalidError('', 'a view has one kind of unit: patches, clips or frames');
  if (view.frames) conditions.addAll('EXISTS (SELECT 1 FROM frame n WHERE n.sample_id = s.id)', []);
  if (view.clips !== undefined) addClips(sql, conditions, fieldNamed(fields, view.clips));
  if (view.patches === undefined) return;
  conditions.add(
    'EXISTS (SELECT 1 FROM sample_field f WHERE f.sample_id = s.id AND f.field_id = ? AND f.labels > 0)',
    fieldNamed(fields, storedName(view, view.patches)).id,
  );
}

const clipTypes = ['TemporalDetection', 'TemporalDetections'];

function addClips({ engine }: SqlRunner, conditions: Conditions, field: FieldRow): void {
  if (!clipTypes.includes(field.type))
    throw new ViewInvalidError(
      'clips',
      `field "${field.name}" holds ${field.type}; clips come from ${clipTypes.join(' or ')}`,
    );
  const length =
    engine === 'sqlite'
      ? "json_array_length(f.value, '$.detections')"
      : "json_array_length(f.value::json -> 'detections')";
  conditions.add(
    `EXISTS (SELECT 1 FROM sample_field f WHERE f.sample_id = s.id AND f.field_id = ? AND f.frame = 0 AND f.state = 1${
      field.type === 'TemporalDetections' ? ` AND ${length} > 0` : ''
    })`,
    field.id,
  );
}

/** A label filter with `onlyMatching`, or on the field whose labels are the units, leaves out samples without such a label. */
function addMatching(
  sql: SqlRunner,
  datasetId: number,
  conditions: Conditions,
  fields: ReadonlyMap<string, FieldRow>,
  view: View,
): void {
  for (const { field, filter, onlyMatching } of view.labels ?? []) {
    const { id } = fieldNamed(fields, storedName(view, field));
    if (!onlyMatching && field !== view.patches) continue;
    const inner = new Conditions().addAll(labelsOf('s.id'), []).add('+l.field_id = ?', id);
    addLabelFilter(sql, datasetId, inner, filter);
    conditions.addAll(`EXISTS (SELECT 1 FROM label l ${inner.where})`, inner.params);
  }
}

/** One clip: frames `first` to `last` (from 1, both included) of a video, named by the temporal detection. */
export interface Clip {
  readonly id: string;
  readonly first: number;
  readonly last: number;
}

/** The clips that a field of temporal detections makes of samples, in the order of the list. UNKNOWN_FIELD. */
export async function clipsOf(
  sql: SqlRunner,
  datasetId: number,
  fieldName: string,
  sampleKeys: readonly number[],
): Promise<Map<number, Clip[]>> {
  const { each, item } = sql.dialect;
  const { id } = fieldNamed(await fieldsOf(sql, datasetId), fieldName);
  const rows = await sql.query<{ sample_id: number; value: string }>(
    `SELECT f.sample_id, f.value FROM ${each()} CROSS JOIN sample_field f
     WHERE f.sample_id = ${item.int} AND f.field_id = ? AND f.frame = 0 AND f.state = 1 AND f.value IS NOT NULL`,
    [JSON.stringify(sampleKeys), id],
  );
  return new Map(rows.map((row) => [row.sample_id, clipsIn(JSON.parse(row.value) as Json)]));
}

function clipsIn(value: Json): Clip[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const detections = Array.isArray(value.detections) ? value.detections : [value];
  return detections.flatMap((detection) => clipIn(detection as JsonObject) ?? []);
}

function clipIn(detection: JsonObject): Clip | null {
  const { support } = detection;
  const id = idIn(detection.id ?? detection._id ?? null);
  if (id === null || !Array.isArray(support) || typeof support[0] !== 'number' || typeof support[1] !== 'number')
    return null;
  return { id, first: support[0], last: support[1] };
}

/** Ids stand as text, or as FiftyOne's files write them: `{"$oid": "…"}`. */
function idIn(id: Json): string | null {
  if (typeof id === 'string') return id;
  if (typeof id !== 'object' || id === null || Array.isArray(id)) return null;
  return typeof id.$oid === 'string' ? id.$oid : null;
}
