import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hex } from './daemon-stage.js';

const oid = (n: number) => ({ $oid: hex(n) });
const detections = {
  ftype: 'fiftyone.core.fields.EmbeddedDocumentField',
  embedded_doc_type: 'fiftyone.core.labels.Detections',
};

/** A FiftyOneDataset folder of so many videos (that need not exist), each with so many frames of one box each. */
export async function writeVideos(folder: string, videos: number, framesEach: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const numbers = Array.from({ length: framesEach }, (_, i) => i + 1);
  const samples = Array.from({ length: videos }, (_, i) => ({
    _id: oid(i + 1),
    filepath: `/m/${i}.mp4`,
    _media_type: 'video',
  }));
  const frames = samples.flatMap(({ _id }, i) =>
    numbers.map((number) => ({
      ...{ _id: oid((i + 1) * 100_000 + number), frame_number: number, _sample_id: _id },
      truth: {
        _cls: 'Detections',
        detections: [
          { _id: oid((i + 1) * 1_000_000 + number), _cls: 'Detection', label: 'cat', bounding_box: [0, 0, 1, 1] },
        ],
      },
    })),
  );
  const frameFields = [{ name: 'truth', db_field: 'truth', ...detections }];
  await write(folder, 'metadata.json', {
    name: 'videos',
    media_type: 'video',
    sample_fields: [],
    frame_fields: frameFields,
  });
  await write(folder, 'samples.json', { samples });
  await write(folder, 'frames.json', { frames });
}

const write = (folder: string, name: string, content: object): Promise<void> =>
  writeFile(join(folder, name), JSON.stringify(content));
