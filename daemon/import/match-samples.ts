import { basename, relative } from 'node:path';
import type { WholeSample } from '../../domain/labels/index.js';
import type { Storage, StoredSample } from '../../storage/stores.js';

const samplesPerPage = 1_000;
const examples = 3;

/**
 * Finds the samples of a dataset that a file speaks of: by id, or by the path of their media: as it is, else as it is
 * below the media root, else by its file name where the dataset has that only once.
 */
export class SampleMatcher {
  /** How many the dataset does not have, and the first few of them. */
  readonly missing: { count: number; readonly examples: string[] } = { count: 0, examples: [] };

  constructor(
    private readonly storage: Storage,
    private readonly datasetId: number,
    private readonly by: 'ID' | 'PATH',
    private readonly mediaRoot: string | null,
  ) {}

  /** The stored samples by the id that the file gives them. */
  async match(samples: readonly WholeSample[]): Promise<Map<string, StoredSample>> {
    const found = this.by === 'ID' ? await this.byId(samples) : await this.byPath(samples);
    for (const { id, path } of samples) if (!found.has(id)) this.miss(this.by === 'ID' ? id : path);
    return found;
  }

  private miss(name: string): void {
    this.missing.count += 1;
    if (this.missing.examples.length < examples) this.missing.examples.push(name);
  }

  private async byId(samples: readonly WholeSample[]): Promise<Map<string, StoredSample>> {
    const ids = samples.map(({ id }) => id);
    const stored = await this.storage.samples.byHex(this.datasetId, ids);
    return new Map(stored.map((sample) => [sample.id, sample]));
  }

  private async byPath(samples: readonly WholeSample[]): Promise<Map<string, StoredSample>> {
    const found = new Map<string, StoredSample>();
    await this.tryPaths(samples, found, (path) => path);
    const { mediaRoot } = this;
    if (mediaRoot !== null) await this.tryPaths(samples, found, (path) => relative(mediaRoot, path));
    await this.tryFileNames(
      samples.filter(({ id }) => !found.has(id)),
      found,
    );
    return found;
  }

  private async tryPaths(
    samples: readonly WholeSample[],
    found: Map<string, StoredSample>,
    written: (path: string) => string,
  ): Promise<void> {
    const wanted = new Map(samples.filter(({ id }) => !found.has(id)).map(({ id, path }) => [written(path), id]));
    if (wanted.size === 0) return;
    for (const sample of await this.storage.samples.byPaths(this.datasetId, [...wanted.keys()])) {
      const id = wanted.get(sample.path);
      if (id !== undefined) found.set(id, sample);
    }
  }

  /** Looks through all samples once for a page of names: the cost is time, not memory. */
  private async tryFileNames(samples: readonly WholeSample[], found: Map<string, StoredSample>): Promise<void> {
    if (samples.length === 0) return;
    const wanted = new Map(samples.map(({ id, path }) => [basename(path), id]));
    const seen = new Map<string, StoredSample | 'several'>();
    for await (const sample of this.all()) {
      const name = basename(sample.path);
      if (wanted.has(name)) seen.set(name, seen.has(name) ? 'several' : sample);
    }
    for (const [name, sample] of seen) {
      const id = wanted.get(name);
      if (sample !== 'several' && id !== undefined) found.set(id, sample);
    }
  }

  private async *all(): AsyncGenerator<StoredSample> {
    let after: string | null = null;
    do {
      const page = await this.storage.samples.list(this.datasetId, { after, first: samplesPerPage });
      for (const { item } of page.items) yield item;
      after = page.hasMore ? (page.items.at(-1)?.cursor ?? null) : null;
    } while (after !== null);
  }
}
