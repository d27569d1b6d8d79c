import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { UnreadableMediaError, UnsupportedMediaError } from '../../domain/errors/index.js';
import type { JsonObject } from '../../domain/labels/index.js';
import { imageTypes, mediaTypeOfExtension, videoTypes } from './extensions.js';
import { probeImage } from './probe-image.js';

/** What the header of a media file tells. */
export interface MediaInfo {
  readonly mediaType: 'image' | 'video';
  /** Pixels as shown: a photograph lying on its side (EXIF) is measured upright. */
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
  readonly mimeType: string;
  /** Of images, where the header tells it. */
  readonly numChannels: number | null;
  /** Of videos: frames a second, number of frames, seconds, the codec's four letters. Null for images. */
  readonly frameRate: number | null;
  readonly totalFrameCount: number | null;
  readonly duration: number | null;
  readonly encoding: string | null;
}

/**
 * Reads the header of an image or video; the kind follows the extension. Throws `UnreadableMediaError` naming the file
 * when it is missing, empty or not what its name says, `UnsupportedMediaError` for point clouds and 3D scenes.
 */
export async function probeMedia(path: string): Promise<MediaInfo> {
  const extension = extname(path).toLowerCase();
  const mediaType = mediaTypeOfExtension(extension);
  if (mediaType === '3d' || mediaType === 'point-cloud') throw new UnsupportedMediaError(path, mediaType);
  if (mediaType === null)
    throw new UnreadableMediaError(path, `"${extension}" is no known extension of images or videos`);
  const sizeBytes = await sizeOf(path);
  if (mediaType === 'video') {
    const { probeVideo } = await import('./probe-video.js'); // takes a while to load, and most datasets have no videos
    const video = await probeVideo(path);
    return { mediaType, sizeBytes, mimeType: videoTypes[extension] ?? 'video/*', numChannels: null, ...video };
  }
  const image = await probeImage(path, sizeBytes);
  return {
    mediaType,
    sizeBytes,
    ...image,
    mimeType: image.mimeType ?? imageTypes[extension] ?? 'image/*',
    frameRate: null,
    totalFrameCount: null,
    duration: null,
    encoding: null,
  };
}

async function sizeOf(path: string): Promise<number> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new UnreadableMediaError(path, 'it is not there or may not be read', { cause });
  });
  if (!stats.isFile()) throw new UnreadableMediaError(path, 'it is no file');
  if (stats.size === 0) throw new UnreadableMediaError(path, 'it is empty');
  return stats.size;
}

/** FiftyOne's metadata document of a media file. */
export function metadataOfMedia(info: MediaInfo): JsonObject {
  const common = { size_bytes: info.sizeBytes, mime_type: info.mimeType };
  if (info.mediaType === 'image') {
    const channels = info.numChannels === null ? {} : { num_channels: info.numChannels };
    return { _cls: 'ImageMetadata', ...common, width: info.width, height: info.height, ...channels };
  }
  return {
    _cls: 'VideoMetadata',
    ...common,
    frame_width: info.width,
    frame_height: info.height,
    frame_rate: info.frameRate,
    total_frame_count: info.totalFrameCount,
    duration: info.duration,
    encoding_str: info.encoding,
  };
}
