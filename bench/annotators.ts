import { FolderPlayer, type PlayerHabits } from '../backends/folder/player.js';
import { boxField, classNames } from './boxes.js';

const asTheyAre: PlayerHabits = { decimals: null, reorders: true };

/** Rewrites all tasks of a run with its keys reordered; with `edits`, 10 % of the labels changed, 2 % added, 2 % deleted, spread evenly. */
export async function annotateAll(runFolder: string, edits: boolean): Promise<void> {
  const player = new FolderPlayer(runFolder, asTheyAre);
  let n = 0;
  for (const part of await player.parts()) {
    await player.edit(part, (line) => {
      const labels = line.fields[boxField]?.labels ?? [];
      if (!edits) return line;
      const kept = labels.flatMap((label) => {
        n++;
        if (n % 50 === 25) return [];
        const copy =
          n % 50 === 0
            ? [
                {
                  label: 'train',
                  bounding_box: [0.1, 0.1, (n % 97) / 970, 0.25],
                  occluded: false,
                  color: 'dark',
                  score: 1,
                },
              ]
            : [];
        if (n % 10 !== 5) return [label, ...copy];
        const other =
          classNames[(classNames.indexOf(label.label as (typeof classNames)[number]) + 1) % classNames.length];
        return [
          { ...label, ...(n % 20 === 5 ? { label: other } : { bounding_box: moved(label.bounding_box) }) },
          ...copy,
        ];
      });
      return { ...line, fields: { [boxField]: { labels: kept } } };
    });
    await player.setState(part, 'COMPLETED');
  }
}

const moved = (box: unknown): number[] => (box as number[]).map((value, i) => (i < 2 ? value * 0.9 + 0.01 : value));
