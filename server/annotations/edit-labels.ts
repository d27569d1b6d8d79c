import { randomBytes } from 'node:crypto';
import { InvalidArgumentError, LabelEditError, NotFoundError } from '../../domain/errors/index.js';
import {
  documentOfLabel,
  isFrameField,
  isListClass,
  type JsonObject,
  type Label,
  type LabelClass,
  type LabelDocument,
  labelClassOf,
  labelFromDocument,
} from '../../domain/labels/index.js';
import type { LabelWrites, Storage, StoredField, StoredLabel, Transaction } from '../../storage/stores.js';
import type { AnnotationContext } from '../context.js';
import { eventOf } from '../events.js';
import { datasetNamed, fieldOf } from './find.js';

/** One edit of a label: exactly one of `set`, `delete`, `add` is given. */
export interface LabelEdit {
  readonly sampleId: string;
  /** From 1 for videos; 0 for images. */
  readonly frame: number;
  readonly labelId?: string | null;
  /** Members to change, under FiftyOne's names; null erases one. */
  readonly set?: JsonObject | null;
  readonly delete?: boolean | null;
  readonly add?: JsonObject | null;
}

export interface EditedLabels {
  readonly added: number;
  readonly edited: number;
  readonly deleted: number;
}

const mostEdits = 1_000;
const labelId = /^[0-9a-f]{24}$/;

/**
 * Edits labels of one field in one transaction: all edits or none. Open runs notice: what the annotators changed too is
 * a conflict at their load. Throws NOT_FOUND, UNKNOWN_FIELD, LABEL_EDIT_INVALID, INVALID_ARGUMENT.
 */
export async function editLabels(
  { storage }: AnnotationContext,
  dataset: string,
  fieldName: string,
  edits: readonly LabelEdit[],
): Promise<EditedLabels> {
  if (edits.length === 0 || edits.length > mostEdits) {
    throw new InvalidArgumentError('edits', `Give 1 to ${mostEdits} edits at once, not ${edits.length}.`);
  }
  const { id: datasetId } = await datasetNamed(storage, dataset);
  const field = await fieldOf(storage, datasetId, fieldName);
  const labelClass = labelClassOf(field.type);
  if (!labelClass) throw new InvalidArgumentError('field', `Field "${fieldName}" holds ${field.type}, no labels.`);
  return storage.transaction(async (tx) => {
    const keys = await sampleKeys(storage, tx, datasetId, edits);
    const sorted = [...new Set(keys.values())].sort((a, b) => a - b);
    await storage.samples.lock(tx, sorted);
    const versions = await storage.labels.versions(tx, field, sorted, Number.MAX_SAFE_INTEGER);
    const places = new Places(field, labelClass, (key, frame) => versions.get(key)?.get(frame)?.current ?? null);
    for (const [i, edit] of edits.entries()) places.apply(i, keys.get(edit.sampleId) as number, edit);
    await storage.labels.write(tx, field, places.writes());
    const detail = { field: fieldName, ...places.counts, samples: sorted.length };
    tx.emit(eventOf('LABELS_CHANGED', { datasetId, detail }));
    return places.counts;
  });
}

async function sampleKeys(
  storage: Storage,
  tx: Transaction,
  datasetId: number,
  edits: readonly LabelEdit[],
): Promise<Map<string, number>> {
  const ids = [...new Set(edits.map(({ sampleId }) => sampleId))];
  const found = new Map((await storage.samples.byHex(datasetId, ids, tx)).map(({ id, key }) => [id, key]));
  const missing = ids.find((id) => !found.has(id));
  if (missing !== undefined) throw new NotFoundError('sample', missing);
  return found;
}

/** What the edits make of each (sample, frame). */
class Places {
  readonly counts = { added: 0, edited: 0, deleted: 0 };
  private readonly places = new Map<string, Place>();

  constructor(
    private readonly field: StoredField,
    private readonly labelClass: LabelClass,
    private readonly current: (sampleKey: number, frame: number) => readonly StoredLabel[] | null,
  ) {}

  apply(i: number, sampleKey: number, edit: LabelEdit): void {
    const given = [edit.set, edit.add, edit.delete === true ? true : null].filter(
      (part) => part !== null && part !== undefined,
    );
    if (given.length !== 1) throw new LabelEditError(i, 'give exactly one of set, delete, add');
    if (isFrameField(this.field.name) !== edit.frame > 0) {
      throw new LabelEditError(
        i,
        `field "${this.field.name}" ${edit.frame > 0 ? 'has no frames: leave "frame" out' : 'is of frames: give "frame", from 1'}`,
      );
    }
    const place = this.place(sampleKey, edit.frame);
    if (edit.add) this.add(i, place, edit.add, edit.labelId ?? null);
    else if (edit.set) this.set(i, place, place.find(i, edit.labelId ?? null), edit.set);
    else this.delete(place, place.find(i, edit.labelId ?? null));
  }

  writes(): LabelWrites[] {
    return [...this.places.values()].map((place) => place.writes());
  }

  private add(i: number, place: Place, document: JsonObject, wantedId: string | null): void {
    const id = wantedId ?? randomBytes(12).toString('hex');
    if (!labelId.test(id)) throw new LabelEditError(i, `"${id}" is no label id: expected 24 hex digits`);
    if (place.has(id)) throw new LabelEditError(i, `there is a label "${id}" already`);
    if (!isListClass(this.field.type) && place.size > 0) {
      throw new LabelEditError(i, `field "${this.field.name}" holds one label and has it: set or delete that one`);
    }
    place.added.set(id, this.labelOf(i, document, id));
    this.counts.added++;
  }

  private set(i: number, place: Place, before: StoredLabel, change: JsonObject): void {
    const known = place.updated.get(before.id) ?? before;
    const label = this.labelOf(i, { ...(documentOfLabel(known) as JsonObject), ...change }, before.id);
    if (!place.updated.has(before.id)) this.counts.edited++;
    place.updated.set(before.id, label);
  }

  private labelOf(i: number, document: JsonObject, id: string): Label {
    const problem = geometryProblem(this.labelClass, document);
    if (problem) throw new LabelEditError(i, problem);
    return labelFromDocument(this.labelClass, document as LabelDocument, id);
  }

  private delete(place: Place, label: StoredLabel): void {
    if (place.updated.delete(label.id)) this.counts.edited--;
    place.deleted.add(label.id);
    this.counts.deleted++;
  }

  private place(sampleKey: number, frame: number): Place {
    const key = `${sampleKey} ${frame}`;
    const place = this.places.get(key) ?? new Place(sampleKey, frame, this.current(sampleKey, frame) ?? []);
    this.places.set(key, place);
    return place;
  }
}

class Place {
  readonly updated = new Map<string, Label>();
  readonly added = new Map<string, Label>();
  readonly deleted = new Set<string>();

  constructor(
    private readonly sampleKey: number,
    private readonly frame: number,
    private readonly current: readonly StoredLabel[],
  ) {}

  get size(): number {
    return this.current.length - this.deleted.size + this.added.size;
  }

  has(id: string): boolean {
    return this.added.has(id) || this.current.some((label) => label.id === id);
  }

  find(i: number, id: string | null): StoredLabel {
    if (id === null) throw new LabelEditError(i, 'name the label by labelId');
    const found = this.current.find((label) => label.id === id);
    if (!found || this.deleted.has(id)) throw new LabelEditError(i, `there is no label "${id}" there`);
    return found;
  }

  writes(): LabelWrites {
    const keys = new Map(this.current.map(({ id, key }) => [id, key]));
    return {
      sampleKey: this.sampleKey,
      frame: this.frame,
      updates: [...this.updated].map(([id, label]) => ({ key: keys.get(id) as number, label, whole: true })),
      additions: [...this.added.values()],
      deletions: [...this.deleted].map((id) => keys.get(id) as number),
      becomesEmptyList: false,
    };
  }
}

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);

/** What the geometry lacks to be one; null where it is fine. Points may be missing coordinates (null) in keypoints. */
function geometryProblem(labelClass: LabelClass, { bounding_box: box, points }: JsonObject): string | null {
  if (labelClass === 'Detection') {
    const fine = Array.isArray(box) && box.length === 4 && box.every(isNumber);
    return fine ? null : 'a Detection needs "bounding_box": [x, y, width, height], relative to the media';
  }
  if (labelClass === 'Keypoint') return isPath(points, true) ? null : 'a Keypoint needs "points": [[x, y], ...]';
  if (labelClass !== 'Polyline') return null;
  const fine = Array.isArray(points) && points.every((path) => isPath(path, false));
  return fine ? null : 'a Polyline needs "points": [[[x, y], ...], ...]';
}

const isPath = (path: unknown, gaps: boolean): boolean =>
  Array.isArray(path) &&
  path.every(
    (point) => Array.isArray(point) && point.length === 2 && point.every((at) => isNumber(at) || (gaps && at === null)),
  );
