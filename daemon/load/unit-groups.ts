import type { Storage } from '../../storage/stores.js';
import type { LoadPlan } from './load-plan.js';
import type { ClipPlaces } from './page-units.js';
import type { ReturnedUnit } from './returned-units.js';

/**
 * Keeps the frames or clips of one sample together until all of them have come: a sample is loaded as a whole, since what a
 * later load starts from is remembered by sample. Whole samples pass at once.
 */
export class UnitGroups {
  private readonly waiting = new Map<string, { units: ReturnedUnit[]; expected: number }>();

  constructor(
    private readonly storage: Storage,
    private readonly plan: LoadPlan,
    readonly clips: ClipPlaces,
  ) {}

  /** The units that can be loaded now that this one has come; null while others of its sample are missing. */
  async add(unit: ReturnedUnit): Promise<readonly ReturnedUnit[] | null> {
    if (this.plan.run.selection.unit === 'sample') return [unit];
    const sample = await this.sampleOf(unit);
    if (sample === null) return [unit];
    const group = this.waiting.get(sample.id) ?? { units: [], expected: sample.units };
    group.units.push(unit);
    this.waiting.set(sample.id, group);
    if (group.units.length < group.expected) return null;
    this.waiting.delete(sample.id);
    return group.units;
  }

  /** What is left when the download is over: samples of which some units did not come. */
  rest(): readonly (readonly ReturnedUnit[])[] {
    const groups = [...this.waiting.values()].map((group) => group.units);
    this.waiting.clear();
    return groups;
  }

  private async sampleOf(unit: ReturnedUnit): Promise<{ id: string; units: number } | null> {
    if (this.plan.run.selection.unit === 'clip') return this.sampleOfClip(unit.id);
    const [frame] = /^[0-9a-f]{24}$/.test(unit.id)
      ? await this.storage.samples.framesByHex(this.plan.datasetId, [unit.id])
      : [];
    if (frame === undefined) return null;
    const known = this.waiting.get(String(frame.sampleKey));
    const units = known?.expected ?? (await this.storage.samples.frames(frame.sampleKey)).length;
    return { id: String(frame.sampleKey), units };
  }

  private sampleOfClip(id: string): { id: string; units: number } | null {
    const clip = this.clips.get(id);
    if (clip === undefined) return null;
    let units = 0;
    for (const other of this.clips.values()) if (other.sampleKey === clip.sampleKey) units++;
    return { id: String(clip.sampleKey), units };
  }

  /** The units of a page whose samples this operation has not loaded yet. */
  async withoutLoaded(units: readonly ReturnedUnit[]): Promise<readonly ReturnedUnit[]> {
    const keys = await this.keysOf(units);
    const loaded = await this.storage.runs.loadedBy(this.plan.run.id, this.plan.operationId, [
      ...new Set(keys.values()),
    ]);
    return units.filter(({ id }) => !loaded.has(keys.get(id) ?? -1));
  }

  /** Those of the page that the load's view holds; all where it has none. */
  async inView(units: readonly ReturnedUnit[]): Promise<readonly ReturnedUnit[]> {
    const { view } = this.plan.request;
    if (view === null || units.length === 0) return units;
    const keys = await this.keysOf(units);
    const samples = await this.storage.samples.byKeys([...new Set(keys.values())]);
    const ids = samples.map((sample) => sample.id);
    const page = await this.storage.samples.list(
      this.plan.datasetId,
      { first: Math.max(1, ids.length) },
      { view, filter: { ids } },
    );
    const inView = new Set(page.items.map(({ item }) => item.key));
    return units.filter(({ id }) => inView.has(keys.get(id) ?? -1));
  }

  private async keysOf(units: readonly ReturnedUnit[]): Promise<ReadonlyMap<string, number>> {
    const { unit } = this.plan.run.selection;
    const ids = units.map(({ id }) => id).filter((id) => /^[0-9a-f]{24}$/.test(id));
    if (unit === 'clip') return new Map(ids.flatMap((id) => keyOfClip(this.clips, id)));
    if (unit === 'frame')
      return new Map(
        (await this.storage.samples.framesByHex(this.plan.datasetId, ids)).map((frame) => [frame.id, frame.sampleKey]),
      );
    return new Map(
      (await this.storage.samples.byHex(this.plan.datasetId, ids)).map((sample) => [sample.id, sample.key]),
    );
  }
}

function keyOfClip(clips: ClipPlaces, id: string): readonly (readonly [string, number])[] {
  const clip = clips.get(id);
  return clip === undefined ? [] : [[id, clip.sampleKey]];
}
