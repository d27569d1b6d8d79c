import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { decodeNpy, encodeNpy, type Mask } from '../../domain/labels/index.js';

/** A JSON object that a test reads and edits freely. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads documents of any shape
export type Document = Record<string, any>;

/** The documents of a FiftyOneDataset folder, without the times at which something was modified. */
export interface ExportedDataset {
  readonly metadata: Document;
  readonly samples: Document[];
  /** Empty where the dataset has no frames. */
  readonly frames: Document[];
}

/** Reads a FiftyOneDataset folder. */
export async function exportedDataset(folder: string): Promise<ExportedDataset> {
  const read = async (name: string): Promise<Document> =>
    JSON.parse(await readFile(join(folder, name), 'utf8'), (key, value) =>
      key === 'last_modified_at' ? undefined : value,
    ) as Document;
  const frames = existsSync(join(folder, 'frames.json')) ? (await read('frames.json')).frames : [];
  return { metadata: await read('metadata.json'), samples: (await read('samples.json')).samples, frames };
}

const listMembers: Readonly<Record<string, string>> = {
  Classifications: 'classifications',
  Detections: 'detections',
  Polylines: 'polylines',
  Keypoints: 'keypoints',
};

/** The labels of a field on a sample or frame, as the list in the document itself: it may be edited in place. */
export function labelsIn(document: Document | undefined, field: string): Document[] {
  const value = document?.[field];
  if (value === null || value === undefined) return [];
  const member = listMembers[value._cls];
  return member === undefined ? [value] : value[member];
}

/** The id of a label's document. */
export const idOf = (label: Document): string => label._id.$oid;

/** The label with an id, wherever it stands in a field. Throws where there is none. */
export function labelIn(documents: readonly Document[], field: string, id: string): Document {
  const found = documents.flatMap((document) => labelsIn(document, field)).find((label) => idOf(label) === id);
  if (found === undefined) throw new Error(`there is no label ${id} in "${field}"`);
  return found;
}

interface Binary {
  readonly $binary: { readonly base64: string };
}

/** The pixels of a mask member. */
export const pixelsOf = (binary: Binary): Mask => decodeNpy(inflateSync(Buffer.from(binary.$binary.base64, 'base64')));

/** A copy with each mask spelled out as its pixels: compression may differ where values do not. */
export const withPixels = <T>(documents: T): T =>
  JSON.parse(JSON.stringify(documents), (_, value) =>
    typeof value?.$binary?.base64 === 'string' ? Buffer.from(encodeNpy(pixelsOf(value))).toString('base64') : value,
  ) as T;
