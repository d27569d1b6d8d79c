import type { Json, LabelDocument, LabelType, Mask } from '../../domain/labels/index.js';
import type { TaskState } from '../../domain/run/states.js';
import type { Backend, BackendDescriptor } from '../backend.js';
import type { Work } from './work.js';

/** What the author of a backend gives the suite. */
export interface ConformanceOptions {
  readonly descriptor: BackendDescriptor;
  /** Sets up a remote side of its own for one test: a peer that stands in for the server, an empty folder, a test project. */
  start(): Promise<Stage>;
  /**
   * Promises that cannot be kept, by the name of their test, with the reason. They are shown as skipped. A name that no test has is
   * an error, so that a gap does not outlive its test.
   */
  readonly gaps?: Readonly<Record<string, string>>;
}

/** The remote side of one test. */
export interface Stage {
  /** Parameters for the runs, secrets among them, as the daemon would hand them over. */
  readonly parameters: Readonly<Record<string, Json>>;
  /** Where the backend may keep files. Default: a folder that the suite makes and removes. */
  readonly dataFolder?: string;
  /** A video file to annotate, of at least 5 frames, 64 by 48 pixels. Default: a file without content. */
  readonly video?: string;
  /** Plays the annotators of a run that was sent. */
  playerOf(work: Work): Player;
  /** Ends everything that `start` began. */
  stop(): Promise<void>;
}

/** Where a label is: on which unit of which task, in which field, and on which frame (from 1) of a video. */
export interface Place {
  readonly part: number;
  readonly unitId: string;
  readonly field: string;
  readonly frame?: number;
}

/** Plays annotators: what a person would do in the editor, done at the remote side and not through the adapter. */
export interface Player {
  /** Draws a new label; `mask` has the pixels where it has some. */
  add(place: Place, document: LabelDocument, mask: Mask | null): Promise<void>;
  /** Moves a label: by shares of the media's width and height. */
  move(place: Place, labelId: string, by: readonly [number, number]): Promise<void>;
  /** Gives a label another class. */
  relabel(place: Place, labelId: string, label: string): Promise<void>;
  setAttribute(place: Place, labelId: string, name: string, value: Json): Promise<void>;
  remove(place: Place, labelId: string): Promise<void>;
  /** Says where a task stands. `reviews: false` backends are asked for `ANNOTATING` and `COMPLETED` only. */
  setState(part: number, state: TaskState, assignee?: string): Promise<void>;
  /**
   * Everything that the run has at the remote side, one text each, equal for equal runs but for the run's id
   * (e.g. `task 0`, `task 0: 3 samples`, `webhook`). Empty when nothing is left.
   */
  inventory(): Promise<readonly string[]>;
  /** Marks a sample as not looked at. Leave it out where the backend has no such thing. */
  leaveUnfinished?(part: number, unitId: string): Promise<void>;
  /** Deletes a task behind our back. Leave it out where that cannot happen. */
  destroy?(part: number): Promise<void>;
  /** Puts something of somebody else beside the run's things; the answer tells whether it is still there. */
  plant?(): Promise<() => Promise<boolean>>;
}

/** What a check works with. */
export interface Scene {
  readonly backend: Backend;
  readonly descriptor: BackendDescriptor;
  readonly stage: Stage;
  /** Makes a run with two tasks that has not been sent. Default: of images, with the backend's plainest label type. */
  work(kind?: WorkKind): Work;
}

/** Which of the suite's runs: of what media and with which label type (or type of scalar). */
export interface WorkKind {
  readonly media?: 'image' | 'video';
  readonly labels?: LabelKind;
}

/** A label type, or `scalar` with the type of its values. */
export type LabelKind = Exclude<LabelType, 'scalar'> | `scalar ${string}`;

/** One promise of the interface and how it is checked. The name is the name of the test. */
export interface Promised {
  readonly name: string;
  check(scene: Scene): Promise<void>;
}
