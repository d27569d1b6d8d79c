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
 * the separators are safe. `concat_ws` leaves nulls out, and what follows would move up: hence the `coalesce`. Of `label l`.
 */
export function labelText({ engine, toHex }: Dialect): string {
  const sqlite = engine === 'sqlite';
  const or = (text: string): string => `coalesce(${text}, '')`;
  const asText = (column: string): string => or(sqlite ? column : `CAST(${column} AS text)`);
  const parts = [
    'l.id',
    'l.field_id',
    toHex('l.hex'),
    asText('l.class_id'),
    or('l.geometry'),
    or('l.attributes'),
    asText('l.idx'),
    'l.position',
    'l.valid_from',
    'l.frame',
    sqlite ? exactConfidence('l.confidence') : asText('l.confidence'),
    or('l.tags'),
  ];
  const [aggregate, char] = sqlite ? ['group_concat', 'char'] : ['string_agg', 'chr'];
  return `${aggregate}(concat_ws(${char}(31), ${parts.join(', ')}), ${char}(30)) AS labels`;
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
