import { UnknownFormatError } from '../domain/errors/index.js';
import { cocoFormat } from './coco/format.js';
import { fiftyOneFormat } from './fiftyone/format.js';
import type { DatasetFormat } from './format.js';
import { mediaFormat } from './media/format.js';

/** The dataset formats by name. Readers and writers load on first use. */
export const formats: readonly DatasetFormat[] = [fiftyOneFormat, cocoFormat, mediaFormat];

/** Names under which FiftyOne knows the same formats. */
const aliases: Readonly<Record<string, string>> = {
  FiftyOneDataset: 'fiftyone',
  COCODetectionDataset: 'coco',
};

/** A format that can do what is asked. Throws `UnknownFormatError`, which lists those that can. */
export function formatFor(name: string, verb: 'read' | 'write'): DatasetFormat {
  const able = formats.filter((format) => format[verb] !== undefined);
  const found = able.find((format) => format.name === (aliases[name] ?? name));
  if (found) return found;
  throw new UnknownFormatError(
    name,
    able.map((format) => format.name),
    verb,
  );
}
