import type { FieldLabelSchema } from '../label-schema/types.js';
import type { FieldType, Json, Label, LabelClass, LabelPart, ScalarType } from '../labels/index.js';

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
  readonly numbering: TrackNumbering;
  /** Deletions of the task are held for a decision (see `holdsDeletions`). Without effect where `compatible`. */
  readonly holdDeletions: boolean;
}

/**
 * How the tracks that come back get their numbers.
 * - `tracks`: returned numbers are translated to those that were sent; new tracks get the next free number.
 * - `collisions`: numbers are taken as they come; only a new track whose number is in use gets the next free one.
 * - `blind`: 1, 2, ... in the order of the payload, as FiftyOne numbers clips.
 * - `none`: numbers are taken as they come.
 */
export type TrackNumbering = 'tracks' | 'collisions' | 'blind' | 'none';

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
  /** Payload keys of labels that we keep under another id (see `FrameMerge.aliases`); absent where there are none. */
  readonly aliases?: ReadonlyMap<string, string>;
  /** Labels of the run that an earlier load deleted, as they were then: one that comes back is restored from here. */
  readonly departed?: readonly Label[];
  /** Ids that the annotators deleted and that an earlier load kept here (held, or ours won). */
  readonly deletedThere?: ReadonlySet<string>;
  /** Only with `toOtherField`: what earlier loads put into the destination, as the annotators left it then. */
  readonly placed?: readonly Label[];
}

/** The versions of one field on one sample: one entry with frame 0 for an image, one per frame for a video. */
export interface FieldVersions {
  readonly frames: ReadonlyMap<number, FrameVersions>;
  /** Whether the backend says that the sample is all there: only then is absence a deletion. */
  readonly complete: boolean;
}

/** What a merge asks about labels of other samples of the same field. */
export interface Elsewhere {
  /** Whether a label with this id stands on another sample, one that this load put there included. A new label that came back under such an id gets a fresh one. */
  isTaken(id: string): boolean;
  /** The label with this id that was sent for another sample: a label that the annotators moved or copied here keeps its read-only values. Default: none is known. */
  origin?(id: string): Label | undefined;
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
   * Ids that count as part of the run from now on: labels added by this load, under the id they are stored with.
   */
  readonly joined: readonly string[];
  /** Labels that joined under another id than their key in the payload. */
  readonly aliases: readonly Alias[];
  /**
   * Labels whose returned version differs from what the dataset holds after this merge (edits refused or held, ours
   * kept), with that returned version, or null for a label the annotators deleted. The next load starts from these:
   * they replace all that earlier loads left behind on this frame (see `startingPoint`). `id` is the payload's key and
   * `returned.id` ours; they differ only where there is an alias.
   */
  readonly leftBehind: readonly LeftBehind[];
}

export interface Alias {
  readonly key: string;
  readonly id: string;
  /** Whether the id was made up here; false where the payload's label brought another id than its key. */
  readonly fresh: boolean;
}

export interface LeftBehind {
  readonly id: string;
  readonly returned: Label | null;
}

/**
 * How many labels met which end; each counts once. A label with several findings counts under the gravest: conflicting,
 * then refused, then edited; an added label counts as added. `checkCounts` holds the two sums that must come out.
 */
export interface MergeCounts {
  returned: number;
  sent: number;
  /** Returned labels that were sent. */
  matched: number;
  added: number;
  edited: number;
  deleted: number;
  unchanged: number;
  /** Labels with something refused, deletions included. */
  refused: number;
  /** Those of `refused` that are deletions. */
  refusedDeletions: number;
  /** Labels with a conflict, whatever the policy did with it, deletions included. */
  conflicting: number;
  /** Those of `conflicting` that are deletions. */
  conflictingDeletions: number;
  /** Deletions held because too many labels of the task would go. */
  heldDeletions: number;
  unexpected: number;
  /** Returned labels that are not usable. */
  invalid: number;
  /** Sent labels that are gone on both sides, or whose sample is not complete: nothing to decide. */
  notReturned: number;
}

export interface FieldMerge {
  /** Only frames with something to write or to remember. */
  readonly frames: readonly FrameMerge[];
  readonly findings: readonly Finding[];
  readonly counts: MergeCounts;
}

/** The three versions of one scalar on one sample or frame. Null is no value. */
export interface ScalarVersions {
  readonly sent: Json;
  readonly current: Json;
  /** Undefined where the payload has no entry. */
  readonly returned: Json | undefined;
  /** Whether the sample is all there: only then does a missing entry erase the value. */
  readonly complete: boolean;
  /** Frame number from 1; 0 for a whole sample. */
  readonly frame: number;
  /** Only with `toOtherField`: what an earlier load put into the destination; undefined where there was none. */
  readonly placed?: Json | undefined;
}

export interface ScalarRules {
  /** Null while the field does not exist: it then takes its type from the first value written. */
  readonly type: ScalarType | null;
  readonly frameField: boolean;
  readonly allowAdditions: boolean;
  readonly allowDeletions: boolean;
  readonly policy: ConflictPolicy;
  readonly compatible: boolean;
  readonly tolerance: number;
  readonly toOtherField: boolean;
}

export interface ScalarMerge {
  /** The value to write (null erases); absent where nothing changes. */
  readonly write?: Json;
  /** The returned value where it differs from what the dataset holds after this merge; the next load starts from it. */
  readonly left?: Json;
  readonly finding: Finding | null;
  readonly counts: MergeCounts;
}
