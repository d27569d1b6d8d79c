import { FilePathSource, Input, type InputVideoTrack, MATROSKA, MP4, QTFF, WEBM } from 'mediabunny';
import { UnreadableMediaError } from '../../domain/errors/index.js';

/** What a video's container tells. */
export interface VideoInfo {
  readonly width: number;
  readonly height: number;
  /** Frames a second, averaged over the whole video. */
  readonly frameRate: number;
  readonly totalFrameCount: number;
  /** Seconds. */
  readonly duration: number;
  readonly encoding: string;
}

/** Single-file containers only: a playlist could make us read other files. */
const formats = [MP4, QTFF, MATROSKA, WEBM];

/** Reads size, frame count and rate off a video's container; no frame is decoded. Throws `UnreadableMediaError`. */
export async function probeVideo(path: string): Promise<VideoInfo> {
  const input = new Input({ formats, source: new FilePathSource(path) });
  try {
    const track = await input.getPrimaryVideoTrack();
    if (track === null) throw new UnreadableMediaError(path, 'it has no picture track');
    return await infoOf(track);
  } catch (cause) {
    if (cause instanceof UnreadableMediaError) throw cause;
    throw new UnreadableMediaError(path, 'it is no whole MP4, QuickTime, Matroska or WebM video', { cause });
  } finally {
    input.dispose();
  }
}

async function infoOf(track: InputVideoTrack): Promise<VideoInfo> {
  const stats = await track.computePacketStats();
  const internal = await track.getInternalCodecId();
  return {
    width: await track.getDisplayWidth(),
    height: await track.getDisplayHeight(),
    frameRate: stats.averagePacketRate,
    totalFrameCount: stats.packetCount,
    duration: await track.computeDuration(),
    encoding: typeof internal === 'string' ? internal : ((await track.getCodec()) ?? 'unknown'),
  };
}
