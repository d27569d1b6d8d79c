import type { Run } from '../../domain/run/index.js';
import type { Storage, StoredSample, Transaction } from '../../storage/stores.js';
import type { UnitPlace } from '../content/units.js';
import type { LoadPlan } from './load-plan.js';
import type { ReturnedUnit } from './returned-units.js';

/** A returned unit with its place in the dataset. */
export interface PlacedUnit {
  readonly sampleKey: number;
  readonly sampleId: string;
  readonly place: UnitPlace;
  readonly unit: ReturnedUnit;
}

/** The units of a page by sample, and those whose sample or place is not in the run (any more). */
export interface PlacedPage {
  readonly samples: ReadonlyMap<number, readonly PlacedUnit[]>;
  readonly strangers: readonly ReturnedUnit[];
}

/**
 * Finds the places of returned units, inside the transaction: a sample that is gone now gets nothing. Samples of the
 * dataset that the run does not hold are taken, as FiftyOne does; their labels are all new.
 */
export async function placeUnits(
  storage: Storage,
  tx: Transaction,
  plan: LoadPlan,
  clips: ClipPlaces,
  units: readonly ReturnedUnit[],
): Promise<PlacedPage> {
  const { unit } = plan.run.selection;
  if (unit === 'sample') return placeSamples(storage, tx, plan, units);
  return unit === 'frame' ? placeFrames(storage, tx, plan, units) : placeClips(storage, tx, clips, units);
}

async function placeSamples(
  storage: Storage,
  tx: Transaction,
  plan: LoadPlan,
  units: readonly ReturnedUnit[],
): Promise<PlacedPage> {
  const samples = await samplesById(
    storage,
    tx,
    plan,
    units.map((unit) => unit.id),
  );
  const page = new PageBuilder();
  for (const unit of units) {
    const sample = samples.get(unit.id);
    if (sample === undefined) page.strangers.push(unit);
    else page.add(sample, { id: sample.id, frame: null, support: null, mediaPath: null }, unit);
  }
  return page;
}

async function placeFrames(
  storage: Storage,
  tx: Transaction,
  plan: LoadPlan,
  units: readonly ReturnedUnit[],
): Promise<PlacedPage> {
  const frames = await storage.samples.framesByHex(plan.datasetId, units.map((unit) => unit.id).filter(isId), tx);
  const byId = new Map(frames.map((frame) => [frame.id, frame]));
  const samples = new Map(
    (await storage.samples.byKeys([...new Set(frames.map((frame) => frame.sampleKey))], tx)).map((sample) => [
      sample.key,
      sample,
    ]),
  );
  const page = new PageBuilder();
  for (const unit of units) {
    const frame = byId.get(unit.id);
    const sample = frame === undefined ? undefined : samples.get(frame.sampleKey);
    if (frame === undefined || sample === undefined) page.strangers.push(unit);
    else page.add(sample, { id: frame.id, frame: frame.number, support: null, mediaPath: null }, unit);
  }
  return page;
}

/** Clips are few and have no rows of their own: their places are read once per task. */
export type ClipPlaces = ReadonlyMap<string, { readonly sampleKey: number; readonly place: UnitPlace }>;

async function placeClips(
  storage: Storage,
  tx: Transaction,
  clips: ClipPlaces,
  units: readonly ReturnedUnit[],
): Promise<PlacedPage> {
  const keys = new Set(units.flatMap((unit) => clips.get(unit.id)?.sampleKey ?? []));
  const samples = new Map((await storage.samples.byKeys([...keys], tx)).map((sample) => [sample.key, sample]));
  const page = new PageBuilder();
  for (const unit of units) {
    const clip = clips.get(unit.id);
    const sample = clip === undefined ? undefined : samples.get(clip.sampleKey);
    if (clip === undefined || sample === undefined) page.strangers.push(unit);
    else page.add(sample, clip.place, unit);
  }
  return page;
}

/** The clips of a task, by their ids. */
export async function clipPlaces(storage: Storage, run: Run, part: number): Promise<ClipPlaces> {
  const places = new Map<string, { sampleKey: number; place: UnitPlace }>();
  if (run.selection.unit !== 'clip') return places;
  for (let afterPosition = -1; ; ) {
    const page = await storage.runs.samples(run.id, { afterPosition, part, limit: 1_000 });
    for (const { sampleKey, clips } of page)
      for (const { id, first, last } of clips ?? [])
        places.set(id, { sampleKey, place: { id, frame: null, support: [first, last], mediaPath: null } });
    if (page.length < 1_000) return places;
    afterPosition = page.at(-1)?.position ?? afterPosition;
  }
}

async function samplesById(
  storage: Storage,
  tx: Transaction,
  plan: LoadPlan,
  ids: readonly string[],
): Promise<Map<string, StoredSample>> {
  const samples = await storage.samples.byHex(plan.datasetId, ids.filter(isId), tx);
  return new Map(samples.map((sample) => [sample.id, sample]));
}

const isId = (text: string): boolean => /^[0-9a-f]{24}$/.test(text);

class PageBuilder implements PlacedPage {
  readonly samples = new Map<number, PlacedUnit[]>();
  readonly strangers: ReturnedUnit[] = [];

  add(sample: StoredSample, place: UnitPlace, unit: ReturnedUnit): void {
    const units = this.samples.get(sample.key) ?? [];
    units.push({ sampleKey: sample.key, sampleId: sample.id, place, unit });
    this.samples.set(sample.key, units);
  }
}
