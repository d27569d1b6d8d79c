import { extname } from 'node:path';
import { MalformedFileError, UnsupportedMediaError } from '../../domain/errors/index.js';
import {
  type FieldValue,
  isFrameField,
  type Json,
  type JsonObject,
  type MediaType,
  type PackedMask,
  type WholeFrame,
  type WholeSample,
} from '../../domain/labels/index.js';
import type { DatasetHeader, MaskIntake, ReadItem } from '../format.js';
import { objectIdOf } from '../json/extended-json.js';
import type { JsonPiece } from '../json/json-splitter.js';
import { isObject, parseObject, pathOf } from '../json/parse-json.js';
import { isVideoExtension } from '../media/extensions.js';
import { absolutePath } from '../media-path.js';
import type { Report } from '../report.js';
import { sampleIdOf, stableId } from '../stable-id.js';
import { readValue } from './read-values.js';
import { type Slot, slotOf } from './slots.js';

interface Place {
  readonly file: string;
  readonly where: string;
}

/** Turns the documents of `samples.json` and `frames.json` into ours. */
export class DocumentReader {
  private readonly sampleSlots: Map<string, Slot>;
  private readonly frameSlots: Map<string, Slot>;
  private readonly pathFields: readonly string[];

  constructor(
    private readonly header: DatasetHeader,
    /** The folder that relative paths are joined to. */
    private readonly root: string,
    private readonly intake: MaskIntake,
    private readonly report: Report,
  ) {
    const slots = header.fields.map(slotOf);
    this.sampleSlots = byMember(slots.filter((slot) => !isFrameField(slot.field.name)));
    this.frameSlots = byMember(slots.filter((slot) => isFrameField(slot.field.name)));
    this.pathFields = mediaFieldsOf(header.document);
  }

  sample(file: string, piece: JsonPiece): ReadItem<WholeSample> {
    const document = parseObject(file, piece);
    if (typeof document.filepath !== 'string')
      throw new MalformedFileError(file, `${pathOf(piece)}.filepath`, 'a path as text');
    const path = absolutePath(document.filepath, this.root);
    for (const name of this.pathFields) {
      if (typeof document[name] === 'string') document[name] = absolutePath(document[name], this.root);
    }
    const id = objectIdOf(document._id) ?? sampleIdOf(path);
    const { fields, extra, masks } = this.values(this.sampleSlots, document, id, file, piece, sampleMembers);
    const where = { file, where: pathOf(piece) };
    return { item: { ...this.base(id, path, document, extra, where), fields }, masks };
  }

  frame(file: string, piece: JsonPiece): ReadItem<WholeFrame> {
    const document = parseObject(file, piece);
    const sampleId = objectIdOf(document._sample_id);
    const number = document.frame_number;
    if (sampleId === null)
      throw new MalformedFileError(file, `${pathOf(piece)}._sample_id`, 'an object id of 24 hex digits');
    if (!Number.isSafeInteger(number) || (number as number) < 1) {
      throw new MalformedFileError(file, `${pathOf(piece)}.frame_number`, 'a frame number from 1');
    }
    const id = objectIdOf(document._id) ?? stableId(`frame\n${sampleId}\n${number}`);
    const { fields, extra, masks } = this.values(this.frameSlots, document, id, file, piece, frameMembers);
    return { item: { id, number: number as number, extra, sampleId, fields }, masks };
  }

  private base(
    id: string,
    path: string,
    document: JsonObject,
    extra: JsonObject | null,
    where: Place,
  ): Omit<WholeSample, 'fields'> {
    const metadata = isObject(document.metadata) ? document.metadata : null;
    return {
      id,
      path,
      mediaType: this.mediaTypeOf(document, path),
      width: sizeOf(metadata?.width ?? metadata?.frame_width),
      height: sizeOf(metadata?.height ?? metadata?.frame_height),
      metadata,
      tags: Array.isArray(document.tags) ? document.tags.map(String) : [],
      group: this.groupOf(document, where),
      extra,
    };
  }

  private mediaTypeOf(document: JsonObject, path: string): MediaType {
    const named = document._media_type ?? (this.header.mediaType === 'group' ? null : this.header.mediaType);
    const type = named ?? (isVideoExtension(extname(path)) ? 'video' : 'image');
    if (type === 'image' || type === 'video' || type === '3d' || type === 'point-cloud') return type;
    throw new UnsupportedMediaError(path, String(type));
  }

  private groupOf(document: JsonObject, { file, where }: Place): WholeSample['group'] {
    const { groupField } = this.header;
    const group = groupField === null ? null : (document[groupField] ?? null);
    if (group === null) return null;
    const id = isObject(group) ? objectIdOf(group._id) : null;
    const slice = isObject(group) ? group.name : null;
    if (id !== null && typeof slice === 'string') return { id, slice };
    throw new MalformedFileError(file, `${where}.${groupField}`, 'a Group document with "_id" and "name"');
  }

  private values(
    slots: Map<string, Slot>,
    document: JsonObject,
    ownerId: string,
    file: string,
    piece: JsonPiece,
    known: ReadonlySet<string>,
  ): { fields: Map<string, FieldValue>; extra: JsonObject | null; masks: PackedMask[] } {
    const masks: PackedMask[] = [];
    const context = {
      file,
      where: () => pathOf(piece),
      ownerId,
      root: this.root,
      intake: this.intake,
      masks,
      report: this.report,
    };
    const fields = new Map<string, FieldValue>();
    let extra: JsonObject | null = null;
    for (const member in document) {
      const value = document[member] as Json;
      if (value === null || known.has(member) || (member === this.header.groupField && known === sampleMembers))
        continue;
      const slot = slots.get(member);
      if (slot) fields.set(slot.name, readValue(slot, value, context));
      else {
        extra ??= {};
        extra[member] = value;
      }
    }
    return { fields, extra, masks };
  }
}

const sampleMembers: ReadonlySet<string> = new Set(['_id', 'filepath', 'tags', 'metadata', '_media_type']);
const frameMembers: ReadonlySet<string> = new Set(['_id', '_sample_id', 'frame_number']);

const byMember = (slots: readonly Slot[]): Map<string, Slot> => new Map(slots.map((slot) => [slot.member, slot]));

const sizeOf = (value: Json | undefined): number | null => (typeof value === 'number' && value > 0 ? value : null);

/** Text fields that the dataset declares to hold paths of media, `filepath` apart. */
export function mediaFieldsOf(document: JsonObject | null): string[] {
  const config = document?.app_config;
  const names = isObject(config) && Array.isArray(config.media_fields) ? config.media_fields : [];
  return names.filter((name): name is string => typeof name === 'string' && name !== 'filepath');
}
