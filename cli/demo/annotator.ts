import { FolderPlayer, labelsOf, movedLabel } from '../../backends/folder/player.js';

const field = 'ground_truth';

/** What the played annotator did. */
export interface Played {
  added: number;
  moved: number;
  relabelled: number;
  deleted: number;
  /** Edits of what the label schema makes read-only. */
  forbidden: number;
}

/** Plays an annotator on the run's files: adds, moves, relabels, deletes, and edits something forbidden. */
export async function playAnnotator(outbox: string, runId: string): Promise<Played> {
  const player = await FolderPlayer.of(outbox, runId);
  if (player === null) throw new Error(`no folder of run ${runId} in ${outbox}`);
  const played: Played = { added: 0, moved: 0, relabelled: 0, deleted: 0, forbidden: 0 };
  let n = 0;
  for (const part of await player.parts()) {
    await player.setState(part, 'ANNOTATING', 'Ada');
    await player.edit(part, (line) => {
      const labels = labelsOf(line, field);
      const [first, second, third] = labels;
      switch (n++ % 6) {
        case 0:
          labels.push({ label: 'square', bounding_box: [0.05, 0.05, 0.1, 0.12], size: 'small', source: 'tampered' });
          played.added++;
          break;
        case 1:
          if (first !== undefined) labels[0] = movedLabel(first, 0.02, -0.01);
          played.moved++;
          break;
        case 2:
          if (second !== undefined) labels[1] = { ...second, label: second.label === 'circle' ? 'square' : 'circle' };
          played.relabelled++;
          break;
        case 3:
          labels.splice(0, 1);
          played.deleted++;
          break;
        case 4:
          if (third !== undefined) labels[2] = { ...third, source: 'tampered' };
          played.forbidden++;
      }
      return line;
    });
    await player.setState(part, 'COMPLETED', 'Ada');
  }
  return played;
}
