import type { Label } from '../../domain/labels/index.js';
import { startingPoint } from '../../domain/merge/index.js';
import type { FrameVersions } from '../../domain/merge/types.js';
import { isSelected, type Run, takesAll } from '../../domain/run/index.js';
import type { RunItem, Storage, StoredField, StoredLabel, Transaction, ValueVersions } from '../../storage/stores.js';
import type { Target } from './load-plan.js';

type RunLabels = Awaited<ReturnType<Storage['runs']['runLabels']>>;
type Versions = Map<number, Map<number, ValueVersions>>;

/** The versions of a target on one frame, with the rows that the writes need. */
export interface FrameState {
  /** All but what was returned. */
  readonly versions: Omit<FrameVersions, 'returned'>;
  readonly current: readonly StoredLabel[] | null;
  /** Scalars, as canonical JSON: as sent (or left at the load before), as it is now, and as an earlier load placed it. */
  readonly sentValue: string | null;
  readonly currentValue: string | null;
  readonly placedValue: string | null;
}

/** What the run remembers of the samples for a target: when each was loaded, and the hash it had then or when it was sent. */
export const readItems = (
  storage: Storage,
  tx: Transaction,
  run: Run,
  target: Target,
  keys: readonly number[],
): Promise<ReadonlyMap<number, RunItem>> => storage.runs.items(tx, run.id, target.field.id, keys);

/**
 * Reads what a page of samples held when annotators got it and what it holds now, for one target. A sample that was loaded
 * before starts from what that load left.
 */
export async function readStates(
  storage: Storage,
  tx: Transaction,
  run: Run,
  target: Target,
  keys: readonly number[],
  items: ReadonlyMap<number, RunItem>,
): Promise<PageStates> {
  if (keys.length === 0) return new PageStates(target, items, new Map(), new Map(), new Map(), new Map());
  const loaded = keys.filter((key) => (items.get(key)?.loadedAt ?? null) !== null);
  const source = target.source?.stored ?? null;
  const lists = loaded.length > 0 || target.source?.selection?.listed === true;
  const runLabels: RunLabels = lists ? await storage.runs.runLabels(tx, run.id, target.field.id, keys) : new Map();
  const base = new Map(keys.map((key) => [key, items.get(key)?.loadedAt ?? run.frozenAt]));
  const here = await storage.labels.versions(tx, target.field, keys, base);
  const frozen = await frozenVersions(storage, tx, run, target, source, keys, loaded, here);
  const members = await storage.runs.members(run.id, keys, tx);
  return new PageStates(target, items, members, runLabels, here, frozen);
}

/** The source as of the freeze: the same reading where nothing was loaded yet and it is the target. */
async function frozenVersions(
  storage: Storage,
  tx: Transaction,
  run: Run,
  target: Target,
  source: StoredField | null,
  keys: readonly number[],
  loaded: readonly number[],
  here: Versions,
): Promise<Versions> {
  if (source === null) return new Map();
  if (target.toOtherField) return storage.labels.versions(tx, source, keys, run.frozenAt);
  if (loaded.length === 0) return here;
  return new Map([...here, ...(await storage.labels.versions(tx, source, loaded, run.frozenAt))]);
}

const noLabels: readonly never[] = [];

/** The states of a page's samples, frame by frame. */
export class PageStates {
  private readonly joined = new Map<string, Set<string>>();
  private readonly listed = new Set<string>();
  private sentById: Map<string, Label> | null = null;
  /** Whether a label was asked for that is not among what was read: it may be on a sample that was not touched. */
  missedOrigin = false;
  private readonly left = new Map<string, { readonly id: string; readonly returned: Label | null }[]>();

  constructor(
    private readonly target: Target,
    readonly items: ReadonlyMap<number, RunItem>,
    private readonly inRun: { has(key: number): boolean },
    runLabels: RunLabels,
    private readonly here: Versions,
    private readonly frozen: Versions,
  ) {
    for (const [key, labels] of runLabels)
      for (const { frame, id, kind, returned } of labels) {
        if (kind === 1) this.listed.add(`${key} ${frame} ${id}`);
        else if (kind === 2) into(this.joined, `${key} ${frame}`, () => new Set<string>()).add(id);
        else into(this.left, `${key} ${frame}`, () => []).push({ id, returned });
      }
  }

  /** Frames on which the sample has or had something of the target. */
  frames(key: number): Iterable<number> {
    const frames = new Set(this.here.get(key)?.keys());
    for (const frame of this.frozen.get(key)?.keys() ?? []) frames.add(frame);
    return frames;
  }

  state(key: number, frame: number): FrameState {
    const here = this.here.get(key)?.get(frame);
    const frozen = this.frozen.get(key)?.get(frame);
    const loaded = (this.items.get(key)?.loadedAt ?? null) !== null;
    const common = { current: here?.current ?? null, currentValue: here?.currentValue ?? null };
    if (this.target.toOtherField) return { ...common, ...this.toOther(key, frame, here, frozen, loaded) };
    const sentValue = loaded
      ? this.leftValue(key, frame, here?.baseValue ?? null)
      : this.wasSent(key)
        ? (frozen?.baseValue ?? null)
        : null;
    const versions = loaded ? this.reloaded(key, frame, here, frozen) : this.first(key, frame, here, frozen);
    return { ...common, versions, sentValue, placedValue: null };
  }

  private wasSent = (key: number): boolean =>
    this.target.source !== null && this.target.source.selection !== null && this.inRun.has(key);

  private first(
    key: number,
    frame: number,
    here: ValueVersions | undefined,
    frozen: ValueVersions | undefined,
  ): FrameState['versions'] {
    return { sent: this.members(key, frame, frozen?.base ?? null), current: here?.current ?? null };
  }

  /** The run's labels as the load before left them. */
  private reloaded(
    key: number,
    frame: number,
    here: ValueVersions | undefined,
    frozen: ValueVersions | undefined,
  ): FrameState['versions'] {
    const original = this.members(key, frame, frozen?.base ?? null);
    const joined = this.joined.get(`${key} ${frame}`);
    const ids = new Set(original.map((label) => label.id));
    const base = (here?.base ?? noLabels).filter((label) => ids.has(label.id) || joined?.has(label.id) === true);
    const left = this.left.get(`${key} ${frame}`) ?? noLabels;
    const start = startingPoint(base, left);
    // A deletion that was put off and then carried out is one that happened.
    const present = new Set((here?.current ?? noLabels).map((label) => label.id));
    const deletedThere = new Set([...start.deletedThere].filter((id) => present.has(id)));
    const still = new Set([...start.sent.map((label) => label.id), ...deletedThere]);
    return {
      ...start,
      deletedThere,
      current: here?.current ?? null,
      departed: original.filter((label) => !still.has(label.id)),
    };
  }

  private toOther(
    key: number,
    frame: number,
    here: ValueVersions | undefined,
    frozen: ValueVersions | undefined,
    loaded: boolean,
  ): Pick<FrameState, 'versions' | 'sentValue' | 'placedValue'> {
    const joined = this.joined.get(`${key} ${frame}`);
    const base = (here?.base ?? noLabels).filter((label) => joined?.has(label.id) === true);
    const { sent: placed, ...start } = startingPoint(base, this.left.get(`${key} ${frame}`) ?? noLabels);
    return {
      versions: {
        ...start,
        sent: this.members(key, frame, frozen?.base ?? null),
        current: here?.current ?? null,
        placed,
      },
      sentValue: this.wasSent(key) ? (frozen?.baseValue ?? null) : null,
      placedValue: loaded ? this.leftValue(key, frame, here?.baseValue ?? null) : null,
    };
  }

  /** The label with this id that was sent for any sample of the page; the merge asks only about new labels. */
  sentAnywhere(id: string): Label | undefined {
    this.sentById ??= this.allSent();
    const found = this.sentById.get(id);
    if (found === undefined) this.missedOrigin = true;
    return found;
  }

  private allSent(): Map<string, Label> {
    const sent = new Map<string, Label>();
    for (const [key, frames] of this.frozen)
      for (const [frame, { base }] of frames)
        for (const label of this.members(key, frame, base)) sent.set(label.id, label);
    return sent;
  }

  /** Of the labels as of the freeze, those that the run took. */
  private members(key: number, frame: number, labels: readonly StoredLabel[] | null): readonly StoredLabel[] {
    const selection = this.target.source?.selection ?? null;
    if (labels === null || selection === null || !this.inRun.has(key)) return noLabels;
    if (takesAll(selection)) return labels;
    return labels.filter((label) => isSelected(label, selection, (id) => this.listed.has(`${key} ${frame} ${id}`)));
  }

  /** A scalar that was left behind travels as the geometry text of a label with the id of zeros. */
  private leftValue(key: number, frame: number, base: string | null): string | null {
    const left = this.left.get(`${key} ${frame}`)?.find((label) => label.id === scalarId);
    return left === undefined ? base : (left.returned?.geometry ?? null);
  }
}

/** Names the one scalar of a sample or frame among what a load left behind. */
export const scalarId = '0'.repeat(24);

function into<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
