import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Canvas } from '../support/draw.js';

/** A COCO file over so many images (that need not exist), with boxes on each. Returns the file's path. */
export async function writeCoco(
  folder: string,
  images: number,
  boxesEach: number,
  change: (file: CocoFile) => void = () => {},
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const ids = Array.from({ length: images }, (_, i) => i + 1);
  const file: CocoFile = {
    images: ids.map((id) => ({ id, file_name: `${id}.png`, width: 100, height: 100 })),
    categories: [{ id: 1, name: 'cat' }],
    annotations: ids.flatMap((image) =>
      Array.from({ length: boxesEach }, (_, n) => ({
        ...{ id: image * 1_000 + n, image_id: image, category_id: 1 },
        ...{ bbox: [n, 10, 20, 20], area: 400, iscrowd: 0 },
      })),
    ),
  };
  change(file);
  const path = join(folder, 'labels.json');
  await writeFile(path, JSON.stringify(file));
  return path;
}

export interface CocoFile {
  images: { id: number; file_name: string; width: number; height: number }[];
  categories: { id: number; name: string }[];
  annotations: { id: number; image_id: number; category_id: number; bbox: unknown; area: number; iscrowd: number }[];
}

/** So many pictures of different widths in a folder: 1.png is one pixel wide, and so on. */
export async function drawPictures(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let i = 1; i <= count; i++) new Canvas(i, 7).save(join(folder, `${i}.png`));
}
