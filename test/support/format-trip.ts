import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { JsonObject, WholeFrame, WholeSample } from '../../domain/labels/index.js';
import type { DatasetFormat, DatasetHeader, ReportLine } from '../../formats/format.js';
import { MemoryMasks } from './mask-intake.js';

/** A dataset as a reader gave it, held in memory. */
export interface HeldDataset {
  readonly header: DatasetHeader;
  readonly samples: readonly WholeSample[];
  readonly frames: readonly WholeFrame[];
  readonly report: readonly ReportLine[];
  readonly masks: MemoryMasks;
}

const never = new AbortController().signal;

export async function readDataset(
  format: DatasetFormat,
  path: string,
  choices: { mediaRoot?: string; options?: JsonObject; signal?: AbortSignal } = {},
): Promise<HeldDataset> {
  const masks = new MemoryMasks();
  if (!format.read) throw new Error(`${format.name} cannot be read`);
  const { mediaRoot = null, options = {}, signal = never } = choices;
  const reader = await format.read({ path, mediaRoot, options, masks, signal });
  const samples: WholeSample[] = [];
  const frames: WholeFrame[] = [];
  for await (const { item } of reader.samples()) samples.push(item);
  for await (const { item } of reader.frames()) frames.push(item);
  await reader.close();
  return { header: reader.header, samples, frames, report: reader.report(), masks };
}

export async function writeDataset(
  format: DatasetFormat,
  folder: string,
  held: Omit<HeldDataset, 'report'>,
  choices: { mediaRoot?: string; options?: JsonObject; fields?: readonly string[] } = {},
): Promise<readonly ReportLine[]> {
  if (!format.write) throw new Error(`${format.name} cannot be written`);
  const { mediaRoot = null, options = {}, fields = null } = choices;
  const writer = await format.write({
    folder,
    header: held.header,
    fields,
    mediaRoot,
    options,
    mask: held.masks.bytes,
    signal: never,
  });
  for (const sample of held.samples) await writer.sample(sample);
  for (const frame of held.frames) await writer.frame(frame);
  return writer.finish();
}

/** Makes folders that are gone after the tests of the file. */
export function temporaryFolders(): () => string {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'annogate-formats-'));
    made.push(folder);
    return folder;
  };
}
