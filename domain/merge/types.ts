import type { FieldLabelSchema } from '../label-schema/types.js';
import type { Json, Label, LabelClass, LabelPart, FieldType } from '../labels/index.js';

/** What decides where both sides changed the same part differently. `HOLD` keeps ours and stores the conflict for a decision. */
export type ConflictPolicy = 'THEIRS' | 'OURS' | 'HOLD';

/** The rules of one merge, made once per field and load from the label schema and the load's options. */
export interface MergeRules {
  readonly fieldType: FieldType;
  readonly labelClass: LabelClass;
  /** Whether the field is `frames.`; its tracks are then renumbered. */
  readonly frameField: boolean;
  readonly allowAdditions: boolean;
  readonly allowDeletions: boolean;
  readonly allowLabelEdits: boolean;
  readonly allowIndexEdits: boolean;
  readonly allowSpatialEdits: boolean;
  readonly onlyKeyframes: boolean;
  /** False where every member of the payload is taken (unexpected labels that are kept). */
  readonly schema: FieldLabelSchema | null;
  readonly existingField: boolean;
  readonly policy: ConflictPolicy;
  /** FiftyOne's last-writer behaviour throughout. */
  readonly compatible: boolean;
  /**
   * How exactly the backend carries coordinates and numbers: values that differ by no more are equal to what was sent.
   * Relative units for coordinates, relative to the value for other numbers. 0: exact.
   */
  readonly tolerance: number;
  /** The load writes to another field than the one that was sent (`destField`): `sent` is the source's, `current` the destination's. */
  readonly toOtherField: boolean;
}

/** A label as a backend returned it. */
export interface ReturnedLabel {
  /** Our label id as far as the backend knows it for sure, else an id made up for the new label. */
  readonly key: string;
  /** The label as returned; its own id may differ from the key, as FiftyOne allows. */
  readonly label: Label;
  /** Members of the document that were present, null values included: absent is not the same as erased. Null: all of the label's. */
  readonly present?: readonly string[] | null;
}

/** The three versions of one field on one image or frame. */
export interface FrameVersions {
  /** What the annotators were given, or what they left at the load before. */
  readonly sent: readonly Label[];
  /** What the dataset holds now; null where the field is null there. */
  readonly current: readonly Label[] | null;
  /** What came back; null where the payload has no entry for this image or frame. */
  readonly returned: readonly ReturnedLabel[] | null;
}

/** The versions of one field on one sample: one entry with frame 0 for an image, one per frame for a video. */
export interface FieldVersions {
  readonly frames: ReadonlyMap<number, FrameVersions>;
  /** Whether the backend says that the sample is all there: only then is absence a deletion. */
  readonly complete: boolean;
}

export type FindingKind = 'REFUSED' | 'CONFLICT' | 'HELD_DELETION' | 'UNEXPECTED' | 'INVALID';

/** Something that was not simply applied: what, of which label, why, and both values. Stored with the load. */
export interface Finding {
  readonly kind: FindingKind;
  readonly frame: number;
  readonly labelId: string | null;
  readonly what: LabelPart | 'addition' | 'deletion' | 'attribute' | 'value';
  /** The attribute's name where `what` is `attribute`. */
  readonly attribute: string | null;
  /** Stable rule code, e.g. ADDITIONS_NOT_ALLOWED, READ_ONLY_ATTRIBUTE, CHANGED_ON_BOTH_SIDES. */
  readonly rule: string;
  readonly ours: Json;
  readonly theirs: Json;
  /** What the policy did with a conflict. */
  readonly outcome: 'kept ours' | 'took theirs' | 'held';
}

/** What a merge wants written for one image or frame. */
export interface FrameMerge {
  readonly frame: number;
  /** Labels that exist now and get a new version, by id. */
  readonly updates: readonly Label[];
  /** Labels to append, in order. Their ids are free in (field, sample, frame). */
  readonly additions: readonly Label[];
  readonly deletions: readonly string[];
  /** The field is null now and becomes an empty list. */
  readonly becomesEmptyList: boolean;
  /**
   * Ids that count as part of the run from now on: labels added by this load (key of the payload or the fresh id).
   */
  readonly joined: readonly string[];
  /**
   * Labels whose returned version differs from what the dataset holds after this merge (refused, held, ours kept), with
   * that returned version, or null for a label the annotators deleted. The next load starts from these.
   */
  readonly leftBehind: readonly { readonly id: string; readonly returned: Label | null }[];
}

/** The counting rule: `returned` = applied + unchanged + refused + conflicting + unexpected (+ invalid), and the same for `sent`. */
export interface MergeCounts {
  returned: number;
  sent: number;
  added: number;
  edited: number;
  deleted: number;
  unchanged: number;
  refused: number;
  conflicting: number;
  unexpected: number;
  /** Sent labels that are gone on both sides, or whose sample is not complete: nothing to decide. */
  notReturned: number;
}

export interface FieldMerge {
  readonly frames: readonly FrameMerge[];
  readonly findings: readonly Finding[];
  readonly counts: MergeCounts;
}
