import assert from 'node:assert/strict';
import {
  geometryMembers,
  isCloseJson,
  type Json,
  type LabelClass,
  type LabelDocument,
  type Mask,
  type ReturnType,
  returnTypeOf,
} from '../../domain/labels/index.js';
import type {
  BackendDescriptor,
  ReturnedDocument,
  ReturnedField,
  ReturnedSample,
  SentField,
  TaskUnit,
} from '../backend.js';
import type { Work } from './work.js';

/** Labels or a value per frame; images and samples have frame 0. */
type Frames<T> = Map<number, { readonly labels: readonly T[]; readonly value: Json }>;

/** Compares what was sent with what came home, as exactly as the backend promises to carry it. */
export class Comparison {
  readonly tolerance: number;

  constructor(
    private readonly descriptor: BackendDescriptor,
    private readonly work: Work,
  ) {
    const { toleranceFor, capabilities } = descriptor;
    this.tolerance = toleranceFor?.(work.plan.parameters) ?? capabilities.tolerance;
  }

  /** Fails unless the sample holds exactly the labels and values of the unit, each under its id. */
  sameUnit(
    unit: TaskUnit,
    returned: ReturnedSample,
    changed: (labels: readonly LabelDocument[], frame: number) => readonly LabelDocument[] = (labels) => labels,
  ): void {
    for (const [name, field] of Object.entries(unit.fields)) {
      const type = returnTypeOf[field.schema.type ?? 'scalar'];
      this.onlyType(returned, name, type);
      const came = returnedFrames(returned.fields[name]?.[type]);
      const sent = sentFrames(field);
      for (const frame of new Set([...sent.keys(), ...came.keys()])) {
        const place = `sample ${unit.id}, field ${name}, frame ${frame}`;
        const labels = changed(sent.get(frame)?.labels ?? [], frame);
        this.sameLabels(labels, came.get(frame)?.labels ?? [], field, place);
        const value = sent.get(frame)?.value ?? null;
        assert.ok(
          isCloseJson(value, came.get(frame)?.value ?? null, this.tolerance),
          `${place}: value ${JSON.stringify(value)} came home as ${JSON.stringify(came.get(frame)?.value)}`,
        );
      }
    }
  }

  /** Fails unless both labels are the same: class, geometry, index, keyframe and declared attributes. */
  sameLabel(sent: LabelDocument, returned: ReturnedDocument, field: SentField, place: string): void {
    for (const member of this.membersOf(field)) {
      const [before, after] = [sent[member], returned.document[member]];
      const same =
        member === 'mask' ? this.sameMask(before, after) : isCloseJson(before as Json, after as Json, this.tolerance);
      assert.ok(same, `${place}: "${member}" was ${JSON.stringify(before)} and came home as ${JSON.stringify(after)}`);
    }
  }

  private sameLabels(
    sent: readonly LabelDocument[],
    came: readonly ReturnedDocument[],
    field: SentField,
    place: string,
  ): void {
    const left = new Map(came.map((returned) => [returned.id, returned]));
    assert.equal(
      came.length,
      sent.length,
      `${place}: ${sent.length} labels were expected and ${came.length} came home`,
    );
    for (const label of sent) {
      const key = label.id ?? null;
      const returned = left.get(key);
      assert.ok(
        returned !== undefined,
        `${place}: label ${key ?? '(new)'} did not come home under its id; ids were ${[...left.keys()].join(', ')}`,
      );
      this.sameLabel(label, returned, field, place);
    }
  }

  private membersOf({ schema, labelClass }: SentField): string[] {
    const tracked = labelClass !== 'Classification' && labelClass !== 'Segmentation';
    return [
      ...(labelClass === 'Segmentation' ? [] : ['label']),
      ...geometryMembers[labelClass as LabelClass],
      ...(tracked ? ['index'] : []),
      ...(tracked && this.descriptor.capabilities.keyframes ? ['keyframe'] : []),
      ...Object.keys(schema.attributes ?? {}),
    ];
  }

  private sameMask(before: unknown, after: unknown): boolean {
    const [a, b] = [this.pixels(before), this.pixels(after)];
    if (a === null || b === null) return a === b;
    return String(a.shape) === String(b.shape) && Array.from(a.data).every((value, i) => value === b.data[i]);
  }

  private pixels(mask: unknown): Mask | null {
    if (typeof mask === 'string') return this.work.plan.masks.get(mask) ?? null;
    return (mask ?? null) as Mask | null;
  }

  private onlyType(returned: ReturnedSample, name: string, type: ReturnType): void {
    const others = Object.entries(returned.fields[name] ?? {}).filter(
      ([other, field]) => other !== type && !isEmpty(field),
    );
    assert.deepEqual(
      others.map(([other]) => other),
      [],
      `field ${name} is of ${type}, but other types came home`,
    );
  }
}

function sentFrames(field: SentField): Frames<LabelDocument> {
  if (field.frames !== undefined)
    return new Map([...field.frames].map(([number, { labels = [], value = null }]) => [number, { labels, value }]));
  return new Map([[0, { labels: field.labels ?? [], value: field.value ?? null }]]);
}

/** Frames of a returned field, those without anything left out. */
export function returnedFrames(field: ReturnedField | undefined): Frames<ReturnedDocument> {
  if (field === undefined) return new Map();
  const frames = field.frames ?? new Map([[0, field]]);
  const whole = [...frames].map(
    ([number, { labels = [], value = null }]): [number, { labels: readonly ReturnedDocument[]; value: Json }] => [
      number,
      { labels, value },
    ],
  );
  return new Map(whole.filter(([, { labels, value }]) => labels.length > 0 || value !== null));
}

const isEmpty = (field: ReturnedField): boolean => returnedFrames(field).size === 0;
