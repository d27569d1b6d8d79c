import { isFrameField } from '../domain/labels/index.js';
import type { View } from '../domain/view/view.js';
import type { ClassNames } from './class-names.js';
import { sampleOfLabel } from './label-key.js';
import { readLabels } from './label-reader.js';
import { samplePages } from './sample-pages.js';
import type { SqlRunner } from './sql.js';
import type { StoredField, StoredLabel } from './stores.js';
import { labelChoice } from './view-labels.js';

/** Videos hold many labels, images few. */
const samplesPerPage = { images: 500, videos: 20 };

/** The labels of a field in pages: those of the view, in the order of its samples; within a sample in key order. */
export async function* scanLabels(
  sql: SqlRunner,
  names: ClassNames,
  field: StoredField,
  view: View | null,
): AsyncGenerator<readonly StoredLabel[]> {
  const onFrames = isFrameField(field.name);
  for await (const samples of samplePages(
    sql,
    field.datasetId,
    { view },
    onFrames ? samplesPerPage.videos : samplesPerPage.images,
  )) {
    const keys = samples.map((sample) => sample.key);
    const labels = await readLabels(sql, names, {
      datasetId: field.datasetId,
      sampleKeys: keys,
      fieldIds: [field.id],
      onFrames,
    });
    const choice = await labelChoice(sql, field, view, keys);
    const chosen = choice === null ? labels : labels.filter((label) => choice(label, sampleOfLabel(label.key)));
    if (chosen.length > 0) yield inOrderOf(keys, chosen);
  }
}

/** Labels come by key; a view may have its samples in another order. */
function inOrderOf(keys: readonly number[], labels: readonly StoredLabel[]): readonly StoredLabel[] {
  if (keys.every((key, i) => i === 0 || key > (keys[i - 1] ?? 0))) return labels;
  const rank = new Map(keys.map((key, i) => [key, i]));
  const rankOf = (label: StoredLabel): number => rank.get(sampleOfLabel(label.key)) ?? 0;
  return [...labels].sort((a, b) => rankOf(a) - rankOf(b));
}
