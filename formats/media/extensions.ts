/** Which kind of media a file extension (lower or upper case, with its dot) stands for; null for none of ours. */
export function mediaTypeOfExtension(extension: string): 'image' | 'video' | '3d' | 'point-cloud' | null {
  const lower = extension.toLowerCase();
  if (lower in imageTypes) return 'image';
  if (lower in videoTypes) return 'video';
  if (lower === '.pcd') return 'point-cloud';
  return threeD.has(lower) ? '3d' : null;
}

/** Whether an extension (with its dot) is that of a video. */
export const isVideoExtension = (extension: string): boolean => extension.toLowerCase() in videoTypes;

/** Extensions of images and their MIME types. */
export const imageTypes: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.gif': 'image/gif',
  '.bmp': 'image/bmp',
  '.webp': 'image/webp',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.avif': 'image/avif',
  '.heic': 'image/heic',
  '.jp2': 'image/jp2',
};

/** Extensions of videos and their MIME types. */
export const videoTypes: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/x-m4v',
  '.mov': 'video/quicktime',
  '.mkv': 'video/x-matroska',
  '.webm': 'video/webm',
  '.avi': 'video/x-msvideo',
};

const threeD: ReadonlySet<string> = new Set(['.ply', '.obj', '.stl', '.fbx', '.gltf', '.glb', '.fo3d']);
