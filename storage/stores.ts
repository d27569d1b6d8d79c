import type {
  Field,
  FieldValue,
  Frame,
  Json,
  JsonObject,
  Label,
  PackedMask,
  Sample,
  WholeFrame,
  WholeSample,
} from '../domain/labels/index.js';
import type { Finding } from '../domain/merge/types.js';
import type {
  Lease,
  Operation,
  OperationKind,
  OperationState,
  Run,
  RunState,
  Task,
  WorkError,
  WorkItem,
  WorkKind,
} from '../domain/run/index.js';
import type { View } from '../domain/view/view.js';

/**
 * What the processes ask of the database. Reads without a transaction see committed data only. Every write happens in
 * a transaction; a write that clients can see emits an event in it.
 */
export interface Storage {
  readonly engine: 'sqlite' | 'postgres';
  /**
   * Runs `work` in one transaction: BEGIN IMMEDIATE on SQLite (own retry every 1-3 ms up to 5 s, then
   * DATABASE_BUSY). With a lease, its token is checked first: a lost lease throws LeaseLostError and nothing is written.
   * Never await anything but the database inside.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: { readonly lease?: Lease }): Promise<T>;
  readonly datasets: DatasetStore;
  readonly samples: SampleStore;
  readonly labels: LabelStore;
  readonly masks: MaskStore;
  readonly runs: RunStore;
  readonly operations: OperationStore;
  readonly findings: FindingStore;
  readonly work: WorkStore;
  readonly events: EventFeed;
  readonly secrets: SecretStore;
  readonly configEdits: ConfigEditStore;
  readonly tokens: TokenStore;
  readonly processes: ProcessStore;
  close(): Promise<void>;
}

export interface Transaction {
  /** The number under which this transaction's changes become visible: `valid_from` of what it writes. On PostgreSQL this takes the event lock: call it after row locks, reads and merge. */
  eventNumber(): Promise<number>;
  /** Adds an event; written in order at the end of the transaction. The first gets `eventNumber()`. */
  emit(event: NewEvent): void;
}

export interface NewEvent {
  readonly kind: string;
  readonly datasetId?: number | null;
  readonly runId?: string | null;
  readonly operationId?: number | null;
  /** Small: counts and a key to fetch details by. Never a secret. */
  readonly detail: JsonObject;
}

export interface Event {
  readonly number: number;
  readonly at: number;
  readonly kind: string;
  readonly datasetId: number | null;
  readonly runId: string | null;
  readonly operationId: number | null;
  readonly detail: JsonObject;
}

/** A page of a list in keyset order: `after` is the opaque cursor of the last item seen. */
export interface Page {
  readonly after?: string | null;
  readonly first: number;
}
export interface Paged<T> {
  readonly items: readonly { readonly cursor: string; readonly item: T }[];
  readonly hasMore: boolean;
}

export interface Dataset {
  readonly id: number;
  readonly hex: string;
  readonly name: string;
  readonly mediaType: string;
  readonly document: JsonObject | null;
  readonly persistent: boolean;
  readonly maskTargets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly defaultMaskTargets: Readonly<Record<string, string>> | null;
  readonly groupField: string | null;
  readonly groupMediaTypes: Readonly<Record<string, string>>;
  readonly defaultGroupSlice: string | null;
  readonly foreignRuns: JsonObject | null;
  readonly sampleCount: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface StoredField extends Field {
  readonly id: number;
  readonly datasetId: number;
  readonly labelCount: number;
}

export interface StoredSample extends Sample {
  readonly key: number;
  readonly datasetId: number;
}

/** A label with where it stands. */
export interface StoredLabel extends Label {
  /** `sample key * 2^22 + n`; never used twice. */
  readonly key: number;
  readonly frame: number;
  readonly position: number;
  /** Event number since which this version is valid. */
  readonly validFrom: number;
}

export interface DatasetStats {
  readonly samples: number;
  readonly frames: number;
  readonly labels: number;
  /** Estimate: bytes of a sample of label rows times their number. */
  readonly estimatedLabelBytes: number;
  readonly fields: readonly { readonly field: StoredField; readonly labels: number }[];
}

export interface DatasetStore {
  create(tx: Transaction, dataset: Omit<Dataset, 'id' | 'sampleCount' | 'createdAt' | 'modifiedAt'>): Promise<Dataset>;
  update(tx: Transaction, id: number, change: Partial<Omit<Dataset, 'id' | 'hex'>>): Promise<void>;
  byName(name: string, tx?: Transaction): Promise<Dataset | null>;
  byId(id: number, tx?: Transaction): Promise<Dataset | null>;
  list(page: Page, filter?: { readonly nameContains?: string; readonly mediaType?: string }): Promise<Paged<Dataset>>;
  fields(datasetId: number, tx?: Transaction): Promise<readonly StoredField[]>;
  /** Makes the field if missing; FIELD_TYPE_CONFLICT if it exists with another type. */
  ensureField(tx: Transaction, datasetId: number, field: Field): Promise<StoredField>;
  renameField(tx: Transaction, datasetId: number, name: string, newName: string): Promise<void>;
  deleteField(tx: Transaction, datasetId: number, name: string): Promise<void>;
  stats(datasetId: number): Promise<DatasetStats>;
  /** Deletes up to `limit` samples with all that hangs on them; when none is left, the dataset itself. Tells whether it is all gone. */
  deleteSome(tx: Transaction, id: number, limit: number): Promise<boolean>;
  /** Call once after an import: takes statistics, without which planners choose wrong indexes. Takes a moment, whatever the size. */
  afterImport(tx: Transaction): Promise<void>;
}

export interface SampleFilter {
  readonly ids?: readonly string[];
  readonly tags?: readonly string[];
  readonly pathContains?: string;
  readonly slice?: string;
  readonly mediaType?: string;
}

export interface SampleStore {
  list(
    datasetId: number,
    page: Page,
    options?: { readonly filter?: SampleFilter; readonly view?: View },
  ): Promise<Paged<StoredSample>>;
  count(datasetId: number, options?: { readonly filter?: SampleFilter; readonly view?: View }): Promise<number>;
  byHex(datasetId: number, hexes: readonly string[], tx?: Transaction): Promise<readonly StoredSample[]>;
  byKeys(keys: readonly number[], tx?: Transaction): Promise<readonly StoredSample[]>;
  byPaths(datasetId: number, paths: readonly string[], tx?: Transaction): Promise<readonly StoredSample[]>;
  frames(sampleKey: number, tx?: Transaction): Promise<readonly Frame[]>;
  framesByHex(
    datasetId: number,
    hexes: readonly string[],
    tx?: Transaction,
  ): Promise<readonly (Frame & { readonly sampleKey: number })[]>;
  /**
   * Imports whole samples (no history): new ones are added; where the id exists, nothing is written unless `merge`, which
   * replaces the given fields. Masks go in the same transaction. Returns what was done. Fields must exist.
   */
  insertWhole(
    tx: Transaction,
    datasetId: number,
    samples: readonly WholeSample[],
    masks: readonly PackedMask[],
    options?: { readonly merge?: boolean },
  ): Promise<{ readonly added: number; readonly updated: number; readonly labels: number }>;
  insertFrames(
    tx: Transaction,
    datasetId: number,
    frames: readonly WholeFrame[],
    masks: readonly PackedMask[],
    options?: { readonly merge?: boolean },
  ): Promise<{ readonly frames: number; readonly labels: number }>;
  /** Streams whole samples in the view's order (key order unless it says otherwise) as of an event (null: now), in pages, never one long read. */
  whole(
    datasetId: number,
    options: {
      readonly view?: View | null;
      readonly fields?: readonly string[] | null;
      readonly asOf?: number | null;
      readonly pageSize?: number;
    },
  ): AsyncIterable<WholeSample & { readonly key: number }>;
  wholeFrames(
    datasetId: number,
    options: { readonly view?: View | null; readonly fields?: readonly string[] | null; readonly asOf?: number | null },
  ): AsyncIterable<WholeFrame>;
  /** Takes row locks in key order (PostgreSQL) so that two loads on one sample follow one another. */
  lock(tx: Transaction, keys: readonly number[]): Promise<void>;
  delete(tx: Transaction, datasetId: number, keys: readonly number[]): Promise<void>;
  setTags(tx: Transaction, datasetId: number, keys: readonly number[], tags: readonly string[]): Promise<void>;
  setValue(
    tx: Transaction,
    sampleKey: number,
    field: StoredField,
    frame: number,
    value: FieldValue | null,
  ): Promise<void>;
}

/** What one field holds on one image or frame, now and as of the base event. Same array where nothing changed between. */
export interface ValueVersions {
  readonly current: readonly StoredLabel[] | null;
  readonly base: readonly StoredLabel[] | null;
  /** Scalars and opaque values: canonical JSON, null when null. */
  readonly currentValue: string | null;
  readonly baseValue: string | null;
}

/** Writes of a merge on one (sample, field, frame). */
export interface LabelWrites {
  readonly sampleKey: number;
  readonly frame: number;
  /** New versions of label, geometry, attributes and index. Confidence and tags stay as stored unless `whole` (`given`: those that are not null). */
  readonly updates: readonly { readonly key: number; readonly label: Label; readonly whole?: boolean | 'given' }[];
  /** Appended in order, after all that are there. */
  readonly additions: readonly Label[];
  readonly deletions: readonly number[];
  /** Null field becomes an empty list. */
  readonly becomesEmptyList: boolean;
}

export interface ScalarWrite {
  readonly sampleKey: number;
  readonly frame: number;
  /** Canonical JSON; null erases. */
  readonly value: string | null;
}

export interface LabelQuery {
  readonly field?: string;
  /** Label class name, e.g. `Detection`. */
  readonly labelClass?: string;
  readonly classes?: readonly string[];
  readonly attribute?: { readonly name: string; readonly equals: Json };
  readonly confidence?: { readonly atLeast?: number; readonly atMost?: number };
  readonly tags?: readonly string[];
  readonly samples?: readonly string[];
  readonly frames?: { readonly from: number; readonly to: number };
  readonly ids?: readonly string[];
}

/** Where a label stands, and since when its version is valid. */
export interface LabelPlace {
  readonly id: string;
  readonly key: number;
  readonly sampleKey: number;
  readonly frame: number;
  readonly validFrom: number;
}

export interface FoundLabel {
  readonly label: StoredLabel;
  readonly field: StoredField;
  readonly sampleKey: number;
}

export interface LabelStore {
  /**
   * By sample key and frame (0 for images); whole labels, confidence and tags included. `base` maps sample keys to the event
   * number to look back to, or is one number for all; a sample that it does not name has its present as base.
   */
  versions(
    tx: Transaction,
    field: StoredField,
    sampleKeys: readonly number[],
    base: number | ReadonlyMap<number, number>,
  ): Promise<Map<number, Map<number, ValueVersions>>>;
  /** Writes label changes with history; numbers, positions, counters and `sample_field` follow. */
  write(tx: Transaction, field: StoredField, writes: readonly LabelWrites[]): Promise<void>;
  writeScalars(tx: Transaction, field: StoredField, writes: readonly ScalarWrite[]): Promise<void>;
  list(datasetId: number, query: LabelQuery, page: Page): Promise<Paged<FoundLabel>>;
  count(datasetId: number, query: LabelQuery): Promise<number>;
  /** Where labels with these ids stand in the field, found by the index of ids. */
  holders(tx: Transaction, field: StoredField, ids: readonly string[]): Promise<readonly LabelPlace[]>;
  /** Values of one field on samples, as of an event or now. */
  values(
    field: StoredField,
    sampleKeys: readonly number[],
    asOf?: number | null,
    tx?: Transaction,
  ): Promise<Map<number, Map<number, FieldValue>>>;
  /** Sorted classes observed in a field, by a loose index scan. */
  classes(field: StoredField): Promise<readonly string[]>;
  countByClass(field: StoredField): Promise<readonly { readonly name: string | null; readonly count: number }[]>;
  /** Streams the labels of a field in key order for observation (attributes, geometry kinds), optionally of a view's samples. */
  scan(field: StoredField, view?: View | null): AsyncIterable<readonly StoredLabel[]>;
  history(
    datasetId: number,
    field: StoredField,
    labelId: string,
    page: Page,
  ): Promise<Paged<StoredLabel & { readonly validTo: number | null; readonly sampleKey: number }>>;
  /** The state of labels before an operation's events is written back, page by page; labels changed since are conflicts and stay. */
  revertPage(
    tx: Transaction,
    field: StoredField,
    sampleKeys: readonly number[],
    firstEvent: number,
    lastEvent: number,
  ): Promise<{ readonly reverted: number; readonly changedSince: number }>;
}

export interface MaskStore {
  put(tx: Transaction, masks: readonly PackedMask[]): Promise<void>;
  /** The zlib stream of `.npy` bytes; null when unknown. */
  get(hash: string): Promise<Uint8Array | null>;
  /** Removes masks that neither a label, history nor run names; at most `limit` looked at. */
  collect(tx: Transaction, limit: number): Promise<number>;
}

export interface RunRecord extends Run {
  readonly key: number;
}

export interface RunFilter {
  readonly datasetId?: number;
  readonly backend?: string;
  readonly states?: readonly RunState[];
  readonly annoKey?: string;
  /** Parameters that must be equal, e.g. {project_name: "x"}. */
  readonly parameters?: JsonObject;
}

/** One unit's membership: which clip or frame of the sample, where the run's unit is not the sample. */
export interface RunSample {
  readonly sampleKey: number;
  readonly position: number;
  readonly part: number | null;
  readonly clips: readonly { readonly id: string; readonly first: number; readonly last: number }[] | null;
}

export interface RunItem {
  readonly sampleKey: number;
  readonly fieldId: number;
  readonly sentHash: string | null;
  readonly returnedHash: string | null;
  readonly loadedAt: number | null;
}

export interface NewRun
  extends Pick<
    Run,
    | 'id'
    | 'datasetId'
    | 'annoKey'
    | 'backend'
    | 'labelSchema'
    | 'mediaField'
    | 'mediaType'
    | 'parameters'
    | 'view'
    | 'selection'
    | 'warnings'
    | 'launchEditor'
  > {
  readonly author: string | null;
}

export interface RunStore {
  /**
   * Records the run and freezes its membership in this transaction: the samples of the view in order and, where labels
   * are listed one by one (patches, ids), those labels. The run is due at once. ANNO_KEY_IN_USE if the key exists.
   */
  create(tx: Transaction, run: NewRun): Promise<RunRecord>;
  byKey(datasetId: number, annoKey: string, tx?: Transaction): Promise<RunRecord | null>;
  byId(id: string, tx?: Transaction): Promise<RunRecord | null>;
  list(page: Page, filter?: RunFilter): Promise<Paged<RunRecord>>;
  update(
    tx: Transaction,
    id: string,
    change: Partial<
      Pick<Run, 'state' | 'error' | 'warnings' | 'taskCount' | 'remote' | 'cursor' | 'editorUrl' | 'parameters'>
    > & { readonly dueAt?: number | null },
  ): Promise<void>;
  /** ANNO_KEY_IN_USE, NOT_FOUND. */
  rename(tx: Transaction, datasetId: number, annoKey: string, newKey: string): Promise<void>;
  /** Deletes the record with tasks, items and findings; labels and remote work stay. */
  delete(tx: Transaction, id: string): Promise<void>;
  samples(
    runId: string,
    page: { readonly afterPosition?: number; readonly part?: number; readonly limit: number },
  ): Promise<readonly RunSample[]>;
  /** Membership of given samples; those that are not in the run are absent. */
  members(runId: string, sampleKeys: readonly number[], tx?: Transaction): Promise<ReadonlyMap<number, RunSample>>;
  /** Splits the run's samples into tasks of `size` (null: one task), in order; repeated, does nothing. */
  planTasks(tx: Transaction, runId: string, size: number | null): Promise<number>;
  items(
    tx: Transaction,
    runId: string,
    fieldId: number,
    sampleKeys: readonly number[],
  ): Promise<ReadonlyMap<number, RunItem>>;
  upsertItems(
    tx: Transaction,
    runId: string,
    items: readonly (Pick<RunItem, 'sampleKey' | 'fieldId'> & {
      readonly sentHash?: string;
      readonly returnedHash?: string;
      readonly loadedAt?: number;
      readonly loadedIn?: number;
    })[],
  ): Promise<void>;
  /** Those of the samples that a load has brought home. */
  loadedBy(runId: string, operationId: number, sampleKeys: readonly number[]): Promise<ReadonlySet<number>>;
  /** Labels listed (1), joined by loads (2), left behind (3) on the samples. */
  runLabels(
    tx: Transaction | null,
    runId: string,
    fieldId: number,
    sampleKeys: readonly number[],
  ): Promise<
    ReadonlyMap<
      number,
      readonly {
        readonly frame: number;
        readonly id: string;
        readonly kind: 1 | 2 | 3;
        readonly returned: Label | null;
      }[]
    >
  >;
  /** Adds joined labels and replaces what was left behind on the given samples. */
  writeRunLabels(
    tx: Transaction,
    runId: string,
    fieldId: number,
    sampleKeys: readonly number[],
    joined: readonly { readonly sampleKey: number; readonly frame: number; readonly id: string }[],
    leftBehind: readonly {
      readonly sampleKey: number;
      readonly frame: number;
      readonly id: string;
      readonly returned: Label | null;
    }[],
  ): Promise<void>;
  tasks(
    runId: string,
    page: Page,
    filter?: { readonly states?: readonly string[]; readonly ids?: readonly number[] },
  ): Promise<Paged<Task>>;
  task(id: number, tx?: Transaction): Promise<Task | null>;
  taskByPart(runId: string, part: number, tx?: Transaction): Promise<Task | null>;
  taskCounts(runId: string): Promise<Readonly<Record<string, number>>>;
  updateTask(
    tx: Transaction,
    id: number,
    change: Partial<
      Pick<
        Task,
        | 'state'
        | 'rawState'
        | 'remote'
        | 'remoteId'
        | 'editorUrl'
        | 'assignee'
        | 'revision'
        | 'loadedRevision'
        | 'error'
      >
    > & { readonly dueAt?: number | null },
  ): Promise<void>;
}

export interface OperationStore {
  create(
    tx: Transaction,
    operation: {
      readonly kind: OperationKind;
      readonly datasetId: number | null;
      readonly runId: string | null;
      readonly request: JsonObject;
      readonly author?: string | null;
      readonly idempotencyKey?: string | null;
    },
  ): Promise<Operation>;
  byId(id: number, tx?: Transaction): Promise<Operation | null>;
  list(
    page: Page,
    filter?: {
      readonly datasetId?: number;
      readonly runId?: string;
      readonly kinds?: readonly OperationKind[];
      readonly states?: readonly OperationState[];
    },
  ): Promise<Paged<Operation>>;
  update(
    tx: Transaction,
    id: number,
    change: {
      readonly state?: OperationState;
      readonly progress?: JsonObject;
      readonly cursor?: Json;
      readonly result?: JsonObject | null;
      readonly error?: WorkError | null;
      readonly dueAt?: number | null;
    },
  ): Promise<void>;
  cursor(id: number, tx?: Transaction): Promise<Json>;
  requestCancel(tx: Transaction, id: number): Promise<boolean>;
  isCancelRequested(id: number): Promise<boolean>;
}

export interface StoredFinding extends Finding {
  readonly id: number;
  readonly operationId: number;
  readonly runId: string;
  readonly field: string;
  readonly sampleId: string;
}

export interface HeldLabel {
  readonly id: number;
  readonly operationId: number;
  readonly runId: string;
  readonly field: string;
  readonly returnType: string;
  readonly sampleId: string;
  readonly frame: number;
  readonly labelId: string | null;
  readonly document: JsonObject;
  readonly reason: string;
  /** PENDING: a deletion that its load decides about at the end of the task. */
  readonly state: 'HELD' | 'RETURNED' | 'TAKEN' | 'DROPPED' | 'PENDING';
}

/** A deletion that waits for the end of its task. */
export interface PendingRow {
  readonly id: number;
  readonly field: string;
  readonly sampleKey: number;
  readonly frame: number;
  readonly labelId: string;
  /** The event number of the page that judged it. */
  readonly event: number;
}

export interface FindingStore {
  add(
    tx: Transaction,
    context: { readonly operationId: number; readonly runId: string; readonly datasetId: number },
    findings: readonly (Finding & { readonly field: string; readonly sampleKey: number })[],
  ): Promise<void>;
  list(
    page: Page,
    filter: {
      readonly operationId?: number;
      readonly runId?: string;
      readonly kinds?: readonly string[];
      readonly rules?: readonly string[];
      readonly field?: string;
    },
  ): Promise<Paged<StoredFinding>>;
  countByRule(filter: {
    readonly operationId?: number;
    readonly runId?: string;
  }): Promise<readonly { readonly kind: string; readonly rule: string; readonly count: number }[]>;
  hold(
    tx: Transaction,
    context: { readonly operationId: number; readonly runId: string; readonly datasetId: number },
    held: readonly (Omit<HeldLabel, 'id' | 'operationId' | 'runId' | 'sampleId'> & { readonly sampleKey: number })[],
  ): Promise<void>;
  /** The next pending deletions of a load, in the order they were noted. */
  pending(tx: Transaction, operationId: number, limit: number): Promise<readonly PendingRow[]>;
  /** How many deletions of the load are pending. */
  countPending(operationId: number, tx?: Transaction): Promise<number>;
  /** Takes pending deletions off the list: they are done. */
  settlePending(tx: Transaction, ids: readonly number[]): Promise<void>;
  /** Holds all pending deletions of a load for a decision. */
  holdPending(tx: Transaction, operationId: number): Promise<void>;
  held(
    page: Page,
    filter: { readonly operationId?: number; readonly runId?: string; readonly states?: readonly string[] },
  ): Promise<Paged<HeldLabel>>;
}

/** Claims, leases and what is due. */
export interface WorkStore {
  /** Takes up to `limit` due items whose lease is free or has run out; counts the attempt. `leaseFor` in ms. */
  claimDue(options: {
    readonly kinds: readonly WorkKind[];
    readonly limit: number;
    readonly leaseFor: number;
    readonly now: number;
  }): Promise<readonly Lease[]>;
  /** A longer lease, or null when it is lost. */
  renew(lease: Lease, leaseFor: number, now: number): Promise<Lease | null>;
  /** Frees the item and says when to look again (null: nothing more to do). Attempts start anew when `progressed`. LeaseLostError when lost. */
  finish(
    lease: Lease,
    next: { readonly dueAt: number | null; readonly progressed: boolean },
    tx?: Transaction,
  ): Promise<void>;
  /** Gives the item back at once, as if it had not been claimed. */
  handBack(lease: Lease, now: number): Promise<void>;
  /** Makes an item due now (or at a time), whoever holds it. */
  wake(tx: Transaction, item: Pick<WorkItem, 'kind' | 'id'>, dueAt: number): Promise<void>;
  /** When the earliest free item is due; null when nothing is. */
  nextDue(kinds: readonly WorkKind[]): Promise<number | null>;
}

export interface EventFeed {
  /** Events after a number, in order. EVENTS_EXPIRED when older ones are no longer kept. */
  read(
    after: number,
    limit: number,
    filter?: { readonly datasetId?: number; readonly runId?: string; readonly operationId?: number },
  ): Promise<readonly Event[]>;
  latest(): Promise<number>;
  /** Forgets events from before a time (ms), looking at the `limit` oldest; the newest event stays. Tells how many. */
  prune(tx: Transaction, before: number, limit: number): Promise<number>;
  /** Calls back soon after something was committed (by any process): WAL watch or NOTIFY, and a slow poll beside it. Returns how to stop. */
  onCommit(callback: () => void): Promise<() => Promise<void>>;
}

export interface SecretStore {
  /** Encrypts (AES-256-GCM, record as additional data) and stores the named secrets of a run or operation, replacing earlier ones of the run. */
  put(
    tx: Transaction,
    owner: { readonly runId?: string; readonly operationId?: number },
    secrets: Readonly<Record<string, Json>>,
  ): Promise<void>;
  /** CREDENTIALS_NEEDED when there are some that the key cannot open. Empty when there are none. */
  get(owner: { readonly runId?: string; readonly operationId?: number }): Promise<Readonly<Record<string, Json>>>;
  delete(tx: Transaction, owner: { readonly runId?: string; readonly operationId?: number }): Promise<void>;
}

export interface ConfigEditStore {
  list(): Promise<readonly { readonly path: readonly string[]; readonly value: Json }[]>;
  set(tx: Transaction, path: readonly string[], value: Json, author: string | null): Promise<void>;
  remove(tx: Transaction, path: readonly string[]): Promise<void>;
}

export interface TokenStore {
  /** Stores the SHA-256 of a token under a name; the token itself is never stored. */
  add(tx: Transaction, name: string, token: string): Promise<void>;
  /** The name of a valid token, or null. */
  nameOf(token: string): Promise<string | null>;
  isEmpty(): Promise<boolean>;
}

export interface ProcessStore {
  /** Heartbeat of a process, with what it sees (e.g. the effective annotation config, secrets masked). */
  beat(
    process: {
      readonly id: string;
      readonly role: 'server' | 'daemon';
      readonly startedAt: number;
      readonly version: string;
      readonly detail: JsonObject;
    },
    now: number,
  ): Promise<void>;
  list(): Promise<
    readonly {
      readonly id: string;
      readonly role: string;
      readonly startedAt: number;
      readonly seenAt: number;
      readonly version: string;
      readonly detail: JsonObject;
    }[]
  >;
  remove(id: string): Promise<void>;
}
