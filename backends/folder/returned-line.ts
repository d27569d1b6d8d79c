import type { FieldLabelSchema, LabelSchema } from '../../domain/label-schema/types.js';
import { type Json, type LabelDocument, type ReturnType, returnTypeOf } from '../../domain/labels/index.js';
import type { ReturnedDocument, ReturnedField, ReturnedSample } from '../backend.js';
import type { FolderLabel } from './line.js';
import { maskOfRuns } from './mask-runs.js';

/** What is wrong with a line, in words that say where in the line. The reader adds the file and the line's number. */
export class LineError extends Error {}

type Members = Record<string, unknown>;
type ReturnedTypes = Partial<Record<ReturnType, ReturnedField>>;
type Frame = { labels?: readonly ReturnedDocument[]; value?: Json };

/** Reads lines of one run: the label schema tells how fields are to be understood. */
export class LineReader {
  private readonly expected: ReadonlyMap<string, ReturnType>;
  private readonly names: readonly string[];

  constructor(labelSchema: LabelSchema) {
    this.names = Object.keys(labelSchema);
    this.expected = new Map(Object.entries(labelSchema).flatMap(([name, field]) => returnTypeIn(name, field)));
  }

  /** What a line says. Throws a `LineError` when it is not what `docs/folder-backend.md` describes. */
  read(text: string): ReturnedSample {
    const line = members(parse(text), 'the line');
    if (typeof line.id !== 'string' || line.id === '')
      throw new LineError('"id" must be the id that the sample was sent with');
    const given = members(line.fields ?? {}, '"fields"');
    const fields: [string, ReturnedTypes][] = [];
    for (const name of Object.keys(given)) fields.push([name, this.field(name, given[name])]);
    return {
      id: line.id,
      complete: isComplete(line) && this.names.every((name) => Object.hasOwn(given, name)),
      fields: Object.fromEntries(fields),
      ...(typeof line.annotator === 'string' ? { annotator: line.annotator } : {}),
    };
  }

  private field(name: string, given: unknown): ReturnedTypes {
    const place = `"${name}"`;
    const field = members(given, place);
    const expected = this.expected.get(name) ?? null;
    if (field.frames !== undefined && field.frames !== null) return framesIn(field.frames, expected, place);
    if (Array.isArray(field.labels)) return mapTypes(byType(field.labels, expected, place), (labels) => ({ labels }));
    if (field.labels !== undefined && field.labels !== null) throw new LineError(`${place}: "labels" must be a list`);
    return field.value === undefined || field.value === null ? {} : { scalar: { value: field.value as Json } };
  }
}

function returnTypeIn(name: string, field: FieldLabelSchema): [string, ReturnType][] {
  return field.type === undefined ? [] : [[name, returnTypeOf[field.type]]];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const hint = /\b(NaN|Infinity)\b/.test(text) ? ' (JSON knows no NaN and no Infinity: write null)' : '';
    throw new LineError(`it is not JSON: ${(error as Error).message}${hint}`);
  }
}

function members(value: unknown, place: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw new LineError(`${place} must be an object`);
}

function isComplete({ complete }: Members): boolean {
  if (complete === undefined || complete === null) return true;
  if (typeof complete !== 'boolean') throw new LineError('"complete" must be true or false');
  return complete;
}

/** Labels of a list by their type. What came back empty is left out, so that a field without a value stays without. */
function byType(
  labels: readonly unknown[],
  expected: ReturnType | null,
  place: string,
): Map<ReturnType, ReturnedDocument[]> {
  const types = new Map<ReturnType, ReturnedDocument[]>();
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (typeof label !== 'object' || label === null) throw new LineError(`${place}: label ${i + 1} must be an object`);
    const type = typeOfLabel(label as FolderLabel, expected);
    const list = types.get(type);
    const returned = returnedLabel(label as FolderLabel, type, place, i);
    if (list === undefined) types.set(type, [returned]);
    else list.push(returned);
  }
  return types;
}

function mapTypes<T>(types: ReadonlyMap<ReturnType, T>, result: (value: T) => ReturnedField): ReturnedTypes {
  const fields: ReturnedTypes = {};
  for (const [type, value] of types) fields[type] = result(value);
  return fields;
}

function framesIn(given: unknown, expected: ReturnType | null, place: string): ReturnedTypes {
  const types = new Map<ReturnType, Map<number, Frame>>();
  const put = (type: ReturnType, number: number, frame: Frame): void => {
    const frames = types.get(type);
    if (frames === undefined) types.set(type, new Map([[number, frame]]));
    else frames.set(number, frame);
  };
  for (const [key, value] of Object.entries(members(given, `"frames" of ${place}`))) {
    if (!/^[1-9]\d{0,9}$/.test(key)) throw new LineError(`${place}: frame "${key}" must be a whole number from 1`);
    if (!Array.isArray(value)) {
      if (value !== null) put('scalar', Number(key), { value: value as Json });
      continue;
    }
    for (const [type, labels] of byType(value, expected, `${place}, frame ${key}`)) put(type, Number(key), { labels });
  }
  return mapTypes(types, (frames) => ({ frames }));
}

const idOf = (id: unknown): string | null => (typeof id === 'string' && /^[0-9a-f]{24}$/.test(id) ? id : null);

function returnedLabel(label: FolderLabel, type: ReturnType, place: string, index: number): ReturnedDocument {
  const { mask } = label;
  if (typeof mask !== 'object' || mask === null || (type !== 'detections' && type !== 'segmentation'))
    return { id: idOf(label.id), document: label as LabelDocument };
  try {
    return { id: idOf(label.id), document: { ...label, mask: maskOfRuns(mask) } };
  } catch (error) {
    throw new LineError(`${place}: label ${index + 1}: ${(error as Error).message}`);
  }
}

const classTypes: Readonly<Record<string, ReturnType>> = {
  Classification: 'classifications',
  Detection: 'detections',
  Polyline: 'polylines',
  Keypoint: 'keypoints',
  Segmentation: 'segmentation',
};

/**
 * The type of a label: what its `_cls` says, else what its geometry shows, else what the field expects. So a polygon
 * among boxes is told apart instead of being taken for a box without a place.
 */
function typeOfLabel(label: FolderLabel, expected: ReturnType | null): ReturnType {
  if (typeof label._cls === 'string') return classTypes[label._cls] ?? expected ?? 'classifications';
  if (Array.isArray(label.bounding_box)) return 'detections';
  if (Array.isArray(label.points)) return typeOfPoints(label.points, expected);
  if (expected !== null) return expected;
  return typeof label.mask === 'object' && label.mask !== null ? 'segmentation' : 'classifications';
}

function typeOfPoints(points: readonly unknown[], expected: ReturnType | null): ReturnType {
  const first = points[0];
  if (!Array.isArray(first) || first.length === 0) return expected === 'polylines' ? 'polylines' : 'keypoints';
  return Array.isArray(first[0]) ? 'polylines' : 'keypoints';
}
