import type { Dialect } from './dialect.js';
import type { StoredLabel } from './stores.js';

/** A label with the number of its field. */
export type FieldLabel = StoredLabel & { readonly fieldId: number };

const betweenParts = '\u001f';
const betweenLabels = '\u001e';

/** 2^62: a double of at least 2^-10 and below 2 times this is a whole number that fits 64 bits. */
const scale = 2 ** 62;
const scaleText = '4611686018427387904.0';
const unread = '?';

/**
 * All selected labels as one text, which is faster to read than a row for each. JSON texts hold no control characters, so
 * the separators are safe. A null within would drop the whole label: hence the `coalesce`.
 */
export function labelText({ engine, toHex }: Dialect, row = 'l'): string {
  const char = engine === 'sqlite' ? 'char' : 'chr';
  const aggregate = engine === 'sqlite' ? 'group_concat' : 'string_agg';
  const number = (column: string): string => `coalesce(CAST(${row}.${column} AS text), '')`;
  const parts = [
    `CAST(${row}.id AS text)`,
    `${row}.field_id`,
    toHex(`${row}.hex`),
    number('class_id'),
    `coalesce(${row}.geometry, '')`,
    `coalesce(${row}.attributes, '')`,
    number('idx'),
    `${row}.position`,
    `${row}.valid_from`,
    `${row}.frame`,
    engine === 'sqlite' ? exactConfidence(`${row}.confidence`) : number('confidence'),
    `coalesce(${row}.tags, '')`,
  ];
  return `${aggregate}(${parts.join(` || ${char}(31) || `)}, ${char}(30)) AS labels`;
}

/**
 * SQLite writes doubles with 15 digits, and not always exactly with 17. Confidences between 2^-10 and 2 become whole
 * numbers when multiplied by a power of two, and those are exact as text; the others are marked and read one by one.
 */
const exactConfidence = (column: string): string =>
  `CASE WHEN ${column} IS NULL THEN '' WHEN CAST(${column} * ${scaleText} AS INTEGER) / ${scaleText} = ${column} THEN CAST(${column} * ${scaleText} AS INTEGER) ELSE '${unread}' END`;

export interface DecodedLabels {
  readonly labels: FieldLabel[];
  /** Keys of labels whose confidence is not in the text. */
  readonly unread: number[];
  /** Whether a class was met that `names` does not have. */
  readonly unknownClass: boolean;
}

/** Reads what `labelText` made, in the order of the text. */
export function decodeLabels(
  engine: Dialect['engine'],
  text: string,
  names: ReadonlyMap<number, string>,
): DecodedLabels {
  const labels: FieldLabel[] = [];
  const missing: number[] = [];
  const divisor = engine === 'sqlite' ? scale : 1;
  let unknownClass = false;
  for (const record of text.split(betweenLabels)) {
    const parts = record.split(betweenParts) as Parts;
    const label = parts[3] === '' ? null : names.get(+parts[3]);
    if (label === undefined) unknownClass = true;
    if (parts[10] === unread) missing.push(+parts[0]);
    labels.push(decoded(parts, label ?? null, divisor));
  }
  return { labels, unread: missing, unknownClass };
}

type Parts = [string, string, string, string, string, string, string, string, string, string, string, string];

const decoded = (parts: Parts, label: string | null, divisor: number): FieldLabel => ({
  id: parts[2],
  label,
  geometry: parts[4] || null,
  attributes: parts[5] || null,
  index: parts[6] === '' ? null : +parts[6],
  confidence: parts[10] === '' || parts[10] === unread ? null : +parts[10] / divisor,
  tags: parts[11] || null,
  key: +parts[0],
  frame: +parts[9],
  position: +parts[7],
  validFrom: +parts[8],
  fieldId: +parts[1],
});
