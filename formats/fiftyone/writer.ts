import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type FieldValue,
  isFrameField,
  type JsonObject,
  maskHashOf,
  type WholeFrame,
  type WholeSample,
} from '../../domain/labels/index.js';
import type { DatasetWriter, ReportLine, WriteTarget } from '../format.js';
import { objectId } from '../json/extended-json.js';
import { TextFile } from '../json/text-file.js';
import { writtenPath } from '../media-path.js';
import { refuseUnknownOptions } from '../options.js';
import { Report } from '../report.js';
import { StagedFolder } from '../staged-folder.js';
import { mediaFieldsOf } from './read-documents.js';
import { isFileName } from './read-metadata.js';
import { type Slot, slotOf } from './slots.js';
import { datasetIdOf, hasVideos, metadataOf } from './write-metadata.js';
import { valueText } from './write-values.js';

/** Starts a FiftyOneDataset folder. Throws `InvalidArgumentError` when the folder exists and is not empty. */
export async function createFiftyOneDataset(target: WriteTarget): Promise<DatasetWriter> {
  refuseUnknownOptions(target.options, [], 'fiftyone');
  const folder = await StagedFolder.create(target.folder);
  const samples = await TextFile.create(join(folder.path, 'samples.json'));
  samples.add('{"samples": [');
  const writer = new FiftyOneWriter(target, folder, samples);
  if (hasVideos(target.header)) await writer.openFrames();
  return writer;
}

class FiftyOneWriter implements DatasetWriter {
  private readonly sampleSlots: readonly Slot[];
  private readonly frameSlots: readonly Slot[];
  private readonly pathFields: ReadonlySet<string>;
  private readonly notes = new Report();
  private readonly datasetId: string;
  private readonly isBornElsewhere: boolean;
  private frames: TextFile | null = null;
  private sampleCount = 0;
  private frameCount = 0;

  constructor(
    private readonly target: WriteTarget,
    private readonly folder: StagedFolder,
    private readonly samples: TextFile,
  ) {
    const chosen = target.header.fields.filter((field) => target.fields === null || target.fields.includes(field.name));
    const slots = chosen.map(slotOf);
    this.sampleSlots = slots.filter((slot) => !isFrameField(slot.field.name));
    this.frameSlots = slots.filter((slot) => isFrameField(slot.field.name));
    this.pathFields = new Set(mediaFieldsOf(target.header.document));
    this.datasetId = datasetIdOf(target.header);
    this.isBornElsewhere = typeof target.header.document?.version !== 'string';
  }

  async sample(sample: WholeSample): Promise<void> {
    this.target.signal.throwIfAborted();
    const values = await this.valuesText(this.sampleSlots, sample.fields);
    this.samples.add(
      `${this.sampleCount === 0 ? '' : ','}{${this.sampleHead(sample)}${this.extraText(sample.extra)}${values}}`,
    );
    this.sampleCount += 1;
    await this.samples.drain();
  }

  async frame(frame: WholeFrame): Promise<void> {
    this.target.signal.throwIfAborted();
    const file = this.frames ?? (await this.openFrames());
    const values = await this.valuesText(this.frameSlots, frame.fields);
    const head = `"_id": ${objectId(frame.id)}, "frame_number": ${frame.number}, "_sample_id": ${objectId(frame.sampleId)}`;
    const dataset = this.isBornElsewhere && frame.extra?._dataset_id === undefined ? this.datasetText() : '';
    file.add(`${this.frameCount === 0 ? '' : ','}{${head}${dataset}${this.extraText(frame.extra)}${values}}`);
    this.frameCount += 1;
    await file.drain();
  }

  async finish(): Promise<readonly ReportLine[]> {
    this.samples.add(']}');
    await this.samples.close();
    this.frames?.add(']}');
    await this.frames?.close();
    const fields = [...this.sampleSlots, ...this.frameSlots].map((slot) => slot.field);
    await this.writeJson('metadata.json', metadataOf(this.target.header, fields, new Date()));
    await this.writeRunResults();
    await this.folder.publish();
    return this.notes.lines();
  }

  async abandon(): Promise<void> {
    await this.samples.discard();
    await this.frames?.discard();
    await this.folder.remove();
  }

  async openFrames(): Promise<TextFile> {
    this.frames = await TextFile.create(join(this.folder.path, 'frames.json'));
    this.frames.add('{"frames": [');
    return this.frames;
  }

  private sampleHead(sample: WholeSample): string {
    let text = `"_id": ${objectId(sample.id)}, "filepath": ${JSON.stringify(writtenPath(sample.path, this.target.mediaRoot))}`;
    text += `, "tags": ${JSON.stringify(sample.tags)}`;
    const metadata = sample.metadata ?? (this.isBornElsewhere ? sizeDocument(sample) : null);
    if (metadata !== null) text += `, "metadata": ${JSON.stringify(metadata)}`;
    text += `, "_media_type": ${JSON.stringify(sample.mediaType)}`;
    if (sample.group !== null) text += this.groupText(sample.group);
    if (this.isBornElsewhere && sample.extra?._rand === undefined) text += `, "_rand": ${fractionOf(sample.id)}`;
    if (this.isBornElsewhere && sample.extra?._dataset_id === undefined) text += this.datasetText();
    return text;
  }

  private extraText(extra: JsonObject | null): string {
    let text = '';
    for (const key in extra) {
      if (!isOfAnotherFormat(key)) text += `, ${JSON.stringify(key)}: ${JSON.stringify(extra[key])}`;
      else
        this.notes.note(
          'COCO_MEMBERS_NOT_HELD',
          null,
          "Images' ids and other members of their COCO file were left out.",
        );
    }
    return text;
  }

  private groupText(group: NonNullable<WholeSample['group']>): string {
    const member = JSON.stringify(this.target.header.groupField ?? 'group');
    return `, ${member}: {"_id": ${objectId(group.id)}, "_cls": "Group", "name": ${JSON.stringify(group.slice)}}`;
  }

  private datasetText(): string {
    return `, "_dataset_id": ${objectId(this.datasetId)}`;
  }

  private async valuesText(slots: readonly Slot[], fields: ReadonlyMap<string, FieldValue>): Promise<string> {
    const masks = await this.masksOf(slots, fields);
    let text = '';
    for (const slot of slots) {
      const value = fields.get(slot.name);
      if (value === undefined) continue;
      const written = valueText(slot, this.pathFields.has(slot.name) ? this.withWrittenPath(value) : value, {
        mediaRoot: this.target.mediaRoot,
        masks,
      });
      if (written !== null) text += `, ${JSON.stringify(slot.member)}: ${written}`;
    }
    return text;
  }

  private withWrittenPath(value: FieldValue): FieldValue {
    if (value.value === null || !value.value.startsWith('"')) return value;
    return { ...value, value: JSON.stringify(writtenPath(JSON.parse(value.value) as string, this.target.mediaRoot)) };
  }

  private async masksOf(
    slots: readonly Slot[],
    fields: ReadonlyMap<string, FieldValue>,
  ): Promise<ReadonlyMap<string, Uint8Array>> {
    const masks = new Map<string, Uint8Array>();
    for (const slot of slots) {
      if (slot.labelClass !== 'Detection' && slot.labelClass !== 'Segmentation') continue;
      for (const label of fields.get(slot.name)?.labels ?? []) {
        const hash = maskHashOf(label);
        if (hash !== null && !masks.has(hash)) masks.set(hash, await this.target.mask(hash));
      }
    }
    return masks;
  }

  private async writeRunResults(): Promise<void> {
    for (const [key, run] of Object.entries(this.target.header.runs)) {
      if (run.results === null) continue;
      if (!isFileName(key)) {
        this.notes.note('RUN_RESULTS_NOT_WRITTEN', null, 'Results of runs whose key is no file name were left out.');
        continue;
      }
      await mkdir(join(this.folder.path, 'annotations'), { recursive: true });
      await this.writeJson(join('annotations', `${key}.json`), run.results);
    }
  }

  private async writeJson(name: string, value: JsonObject): Promise<void> {
    await writeFile(join(this.folder.path, name), JSON.stringify(value));
  }
}

/** What our own reader of COCO remembers for its writer: FiftyOne refuses documents with members it does not know. */
const isOfAnotherFormat = (member: string): boolean => member === '_coco';

/** A number from 0 up to 1 that depends on the id alone: FiftyOne shuffles and samples by it. */
const fractionOf = (id: string): number => Number.parseInt(id.slice(-8), 16) / 2 ** 32;

function sizeDocument(sample: WholeSample): JsonObject | null {
  if (sample.width === null || sample.height === null) return null;
  return sample.mediaType === 'video'
    ? { _cls: 'VideoMetadata', frame_width: sample.width, frame_height: sample.height }
    : { _cls: 'ImageMetadata', width: sample.width, height: sample.height };
}
