import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Place, Player, Stage } from '../../backends/conformance/index.js';
import type { FolderLabel } from '../../backends/folder/line.js';
import { runsOfMask } from '../../backends/folder/mask-runs.js';
import { FolderPlayer, labelsOf, movedLabel, type PlayerHabits } from '../../backends/folder/player.js';
import type { Json } from '../../domain/labels/index.js';

/** An empty data folder for the `folder` backend, with a player that works on the files. */
export async function startFolder(
  parameters: Readonly<Record<string, Json>> = {},
  habits: PlayerHabits = {},
): Promise<Stage> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'annogate-folder-'));
  const outbox = join(dataFolder, 'outbox');
  return {
    parameters,
    dataFolder,
    playerOf: (work) => playerOf(outbox, work.plan.runId, habits),
    stop: () => rm(dataFolder, { recursive: true, force: true }),
  };
}

function playerOf(outbox: string, runId: string, habits: PlayerHabits): Player {
  const folderOf = async (): Promise<FolderPlayer> => {
    const player = await FolderPlayer.of(outbox, runId, habits);
    if (player === null) throw new Error(`the run ${runId} has no folder`);
    return player;
  };
  const onLabels = async (place: Place, change: (labels: FolderLabel[]) => void): Promise<void> => {
    const player = await folderOf();
    await player.edit(place.part, (line) => {
      if (line.id === place.unitId) change(labelsOf(line, place.field, place.frame));
      return line;
    });
  };
  const onLabel = (place: Place, id: string, change: (label: FolderLabel) => FolderLabel[]): Promise<void> =>
    onLabels(place, (labels) => {
      const at = labels.findIndex((label) => label.id === id);
      labels.splice(at, 1, ...change(labels[at] as FolderLabel));
    });
  return {
    add: (place, document, mask) =>
      onLabels(
        place,
        (labels) =>
          void labels.push(mask === null ? (document as FolderLabel) : { ...document, mask: runsOfMask(mask) }),
      ),
    move: (place, id, [dx, dy]) => onLabel(place, id, (label) => [movedLabel(label, dx, dy)]),
    relabel: (place, id, label) => onLabel(place, id, (old) => [{ ...old, label }]),
    setAttribute: (place, id, name, value) => onLabel(place, id, (old) => [{ ...old, [name]: value }]),
    remove: (place, id) => onLabel(place, id, () => []),
    setState: async (part, state, assignee) => (await folderOf()).setState(part, state, assignee),
    leaveUnfinished: async (part, unitId) =>
      (await folderOf()).edit(part, (line) => (line.id === unitId ? { ...line, complete: false, fields: {} } : line)),
    destroy: async (part) =>
      rm(join((await folderOf()).path, 'tasks', String(part).padStart(6, '0')), { recursive: true }),
    inventory: () => inventoryOf(outbox, runId),
    plant: async () => plant((await folderOf()).path),
  };
}

async function inventoryOf(outbox: string, runId: string): Promise<string[]> {
  const player = await FolderPlayer.of(outbox, runId);
  if (player === null) return [];
  const names = await readdir(player.path, { recursive: true });
  const lines = await Promise.all(names.map((name) => describeFile(player.path, name)));
  return ['the folder', ...lines];
}

async function describeFile(folder: string, name: string): Promise<string> {
  if (!name.endsWith('.jsonl')) return name;
  const text = await readFile(join(folder, name), 'utf8');
  return `${name}: ${text.split('\n').filter(Boolean).length} lines`;
}

async function plant(folder: string): Promise<() => Promise<boolean>> {
  const file = join(folder, 'tasks', '000000', 'notes of mine.txt');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, 'ask about the shadows');
  return () =>
    access(file).then(
      () => true,
      () => false,
    );
}
