import { fromCsv, toCsv } from './csv.js';

const boxMembers = ['left', 'top', 'width', 'height'];

/** The columns of a run's tables: one for each attribute that the label schema declares. */
const columnsOf = (labelSchema) => {
  const attributes = Object.values(labelSchema).flatMap((field) => Object.keys(field.attributes ?? {}));
  return ['sample', 'media', 'field', 'id', 'label', ...boxMembers, ...new Set(attributes)];
};

/** The table of a task: a row that names the sample and its picture, then a row for each of its labels. */
export async function writeTable(task) {
  const columns = columnsOf(task.run.labelSchema);
  const rows = [columns];
  for await (const unit of task.units()) {
    task.signal.throwIfAborted();
    rows.push(columns.map((column) => ({ sample: unit.id, media: unit.mediaPath })[column]));
    for (const [field, { labels = [] }] of Object.entries(unit.fields))
      for (const label of labels) rows.push(rowOf(columns, unit.id, field, label));
  }
  return toCsv(rows);
}

function rowOf(columns, sample, field, label) {
  const [left, top, width, height] = label.bounding_box ?? [];
  const cells = { ...label, sample, field, left, top, width, height };
  return columns.map((column) => cells[column]);
}

/**
 * The samples of a table. A sample counts as complete as long as the row that names it is there: only then do missing
 * rows mean deleted labels. Throws a `RangeError` that names the row.
 */
export function readTable(text, labelSchema) {
  const [columns = [], ...rows] = fromCsv(text);
  const samples = new Map();
  for (const [i, cells] of rows.entries()) {
    const row = Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? '']));
    if (!row.sample) throw new RangeError(`row ${i + 2} names no sample`);
    const sample = samples.get(row.sample) ?? { id: row.sample, complete: false, fields: {} };
    samples.set(row.sample, sample);
    if (row.field === '') sample.complete = true;
    else addLabel(sample, row, labelSchema[row.field], i + 2);
  }
  return samples.values();
}

function addLabel(sample, row, schema, number) {
  if (schema === undefined)
    throw new RangeError(`row ${number} names the field "${row.field}", which is not asked for`);
  const type = schema.type.startsWith('detection') ? 'detections' : 'classifications';
  const document = { label: row.label, ...attributesOf(row, schema) };
  if (type === 'detections') document.bounding_box = boxOf(row, number);
  sample.fields[row.field] ??= { [type]: { labels: [] } };
  sample.fields[row.field][type].labels.push({ id: row.id === '' ? null : row.id, document });
}

function boxOf(row, number) {
  const box = boxMembers.map((member) => (row[member].trim() === '' ? Number.NaN : Number(row[member])));
  if (box.some(Number.isNaN)) throw new RangeError(`row ${number} has no number in ${boxMembers.join(', ')}`);
  return box;
}

/** A table knows only texts: a value is the one of the label schema that reads the same, else what the type says. */
function attributesOf(row, { attributes = {} }) {
  const given = Object.entries(attributes).filter(([name]) => row[name] !== undefined && row[name] !== '');
  return Object.fromEntries(given.map(([name, attribute]) => [name, readValue(row[name], attribute)]));
}

function readValue(text, { type, values = [] }) {
  const listed = values.find((value) => String(value) === text);
  if (listed !== undefined) return listed;
  if (type === 'checkbox') return text.toLowerCase() === 'true';
  return type === 'number' && text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
}
