import { FieldTypeConflictError, InvalidArgumentError, NotFoundError } from '../../domain/errors/index.js';
import { datasetField } from '../../domain/label-schema/index.js';
import { isFrameField, type Json, type ReturnType, returnTypes } from '../../domain/labels/index.js';
import type { LoadRequest, UnexpectedRule } from '../../domain/run/index.js';
import type { RunRecord, Storage } from '../../storage/stores.js';
import { hintOf } from './close-names.js';
import { isObject } from './parse-json.js';

const words = ['HOLD', 'KEEP', 'IGNORE', 'RETURN'] as const;

/** What becomes of labels that the label schema does not know: a word, a list of types, or a map from type to field. */
export function unexpectedOf(value: Json | undefined): UnexpectedRule {
  if (value === undefined || value === null) return 'HOLD';
  if (typeof value === 'string') return words.find((word) => word === value) ?? refuseUnexpected(value);
  if (Array.isArray(value)) return value.map((type) => returnTypeNamed(type));
  if (!isObject(value)) return refuseUnexpected(value);
  const entries = Object.entries(value).map(([type, field]) => [returnTypeNamed(type), fieldName(field)]);
  return Object.fromEntries(entries) as { [type in ReturnType]?: string };
}

function refuseUnexpected(value: Json): never {
  const expected = `${words.join(', ')}, a list of types, or {type: field}`;
  throw new InvalidArgumentError('unexpected', `"unexpected" is ${JSON.stringify(value)}; expected ${expected}.`);
}

function returnTypeNamed(type: Json): ReturnType {
  const found = returnTypes.find((name) => name === type);
  if (found) return found;
  throw new InvalidArgumentError(
    'unexpected',
    `${JSON.stringify(type)} is no type of returned labels: ${returnTypes.join(', ')}.`,
  );
}

function fieldName(field: Json): string {
  if (typeof field === 'string' && field !== '') return field;
  throw new InvalidArgumentError('unexpected', `${JSON.stringify(field)} is no name of a field.`);
}

/** FINISHED, ALL, or ids of tasks of this run. Throws INVALID_ARGUMENT, and NOT_FOUND for a task of another run. */
export async function tasksOf(
  storage: Storage,
  run: RunRecord,
  value: Json | undefined,
): Promise<LoadRequest['tasks']> {
  if (value === undefined || value === null || value === 'FINISHED') return 'FINISHED';
  if (value === 'ALL') return 'ALL';
  if (!Array.isArray(value) || value.length === 0) {
    throw new InvalidArgumentError(
      'tasks',
      `"tasks" is ${JSON.stringify(value)}; expected "FINISHED", "ALL" or a list of task ids.`,
    );
  }
  return Promise.all(value.map((id) => taskOf(storage, run, id)));
}

async function taskOf(storage: Storage, run: RunRecord, id: Json): Promise<number> {
  const number = typeof id === 'string' && id.trim() !== '' ? Number(id) : id;
  const task = Number.isSafeInteger(number) ? await storage.runs.task(number as number) : null;
  if (task?.runId === run.id) return task.id;
  throw new NotFoundError('task', String(id), `Run "${run.annoKey}" has no such task; see its tasks.`);
}

/**
 * Where a load writes: null for the run's own fields. Throws INVALID_ARGUMENT for one name where the run has several
 * fields and for a field that the run does not have, FIELD_TYPE_CONFLICT for one that holds something else.
 */
export async function destinationOf(
  storage: Storage,
  run: RunRecord,
  value: Json | undefined,
): Promise<LoadRequest['destField']> {
  if (value === undefined || value === null) return null;
  const fields = Object.keys(run.labelSchema);
  const map = typeof value === 'string' ? { [onlyField(fields)]: value } : value;
  if (!isObject(map))
    throw refused(`"destField" is ${JSON.stringify(value)}; expected a name, or {field: other field}.`);
  const entries = Object.entries(map).map(([field, to]) => [knownField(fields, field), destination(to)] as const);
  await checkTypes(storage, run, entries);
  return typeof value === 'string' ? value : Object.fromEntries(entries);
}

const refused = (message: string): InvalidArgumentError => new InvalidArgumentError('destField', message);

function onlyField(fields: readonly string[]): string {
  const [only, ...others] = fields;
  if (only !== undefined && others.length === 0) return only;
  throw refused(
    `The run has ${fields.length} fields (${fields.join(', ')}): give "destField" as {field: other field}.`,
  );
}

function knownField(fields: readonly string[], field: string): string {
  if (fields.includes(field)) return field;
  throw refused(`The run has no field "${field}". ${hintOf(field, fields)}`.trimEnd());
}

function destination(to: Json): string {
  if (typeof to === 'string' && to !== '') return to;
  throw refused(`${JSON.stringify(to)} is no name of a field.`);
}

async function checkTypes(
  storage: Storage,
  run: RunRecord,
  entries: readonly (readonly [string, string])[],
): Promise<void> {
  const { unit } = run.selection;
  const types = new Map((await storage.datasets.fields(run.datasetId)).map(({ name, type }) => [name, type]));
  for (const [field, to] of entries) {
    if (isFrameField(field) !== isFrameField(to))
      throw refused(`"${field}" and "${to}" do not lie on one level: frame fields go to frame fields ("frames.").`);
    const wanted = types.get(datasetField(field, unit));
    const existing = types.get(datasetField(to, unit));
    if (wanted && existing && wanted !== existing) throw new FieldTypeConflictError(to, existing, wanted);
  }
}
