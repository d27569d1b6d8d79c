import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Json, JsonObject, WholeSample } from '../../domain/labels/index.js';
import { probeMedia } from '../media/probe.js';
import { absolutePath } from '../media-path.js';
import type { Report } from '../report.js';
import { sampleIdOf } from '../stable-id.js';

/** Folders, beside the file or above it, in which COCO's tools put the images. */
const placesFor = (root: string, isGiven: boolean): string[] => [
  root,
  join(root, 'data'),
  join(root, 'images'),
  ...(isGiven ? [] : [join(dirname(root), 'images')]),
];

/** Turns entries of `images` into samples and finds their media. */
export class ImageReader {
  private readonly root: string;
  private readonly places: string[];
  /** Those of the places that are there; looked for with the first image. */
  private existing: string[] | null = null;

  constructor(
    file: string,
    /** Null: the folder of the file. */
    mediaRoot: string | null,
    private readonly report: Report,
  ) {
    this.root = resolve(mediaRoot ?? dirname(file));
    this.places = placesFor(this.root, mediaRoot !== null);
  }

  /**
   * The sample without its fields. Width and height come from the file, else from the image, else from `fallback` (the
   * size that a run-length mask names), else they are null.
   */
  async sampleOf(image: JsonObject, fallback: () => Size | null): Promise<Omit<WholeSample, 'fields'>> {
    const path = await this.pathOf(String(image.file_name));
    const size = sizeOf(image) ?? (await this.probed(path)) ?? fallback();
    const { file_name: _name, width: _width, height: _height, ...rest } = image;
    return {
      id: sampleIdOf(path),
      path,
      mediaType: 'image',
      width: size?.width ?? null,
      height: size?.height ?? null,
      metadata: size === null ? null : { _cls: 'ImageMetadata', width: size.width, height: size.height },
      tags: [],
      group: null,
      extra: { _coco: rest },
    };
  }

  /** The first place where the image is; below the root where it is nowhere. */
  private async pathOf(fileName: string): Promise<string> {
    const name = fileName.replaceAll('\\', '/');
    this.existing ??= await onlyThere(this.places);
    for (const [i, place] of this.existing.entries()) {
      const path = absolutePath(name, place);
      if (!(await isThere(path))) continue;
      if (i > 0) this.existing.unshift(...this.existing.splice(i, 1)); // the others will mostly be there too
      return path;
    }
    this.report.note(
      'MEDIA_NOT_FOUND',
      null,
      'Images that the file names were not found; their labels were read all the same.',
    );
    return absolutePath(name, this.root);
  }

  private async probed(path: string): Promise<Size | null> {
    if (!(await isThere(path))) return null;
    const { width, height } = await probeMedia(path);
    return { width, height };
  }
}

/** Size of an image in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function onlyThere(paths: readonly string[]): Promise<string[]> {
  const there = await Promise.all(paths.map(isThere));
  return paths.filter((_, i) => there[i]);
}

/** The size that an entry names. Zeros and texts stand for "not known". */
function sizeOf({ width, height }: { width?: Json; height?: Json }): Size | null {
  const isKnown = typeof width === 'number' && typeof height === 'number' && width > 0 && height > 0;
  return isKnown ? { width, height } : null;
}

/** The size that a run-length mask names, or null where the annotation has none. */
export function sizeOfSegmentation(segmentation: Json | undefined): Size | null {
  const size = typeof segmentation === 'object' && segmentation !== null ? (segmentation as JsonObject).size : null;
  if (!Array.isArray(size)) return null;
  return sizeOf({ height: size[0] ?? null, width: size[1] ?? null });
}
