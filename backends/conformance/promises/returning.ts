import assert from 'node:assert/strict';
import type { Capabilities } from '../../backend.js';
import { bringHome, comesHomeAsSent, sent } from '../acts.js';
import type { LabelKind, Promised, WorkKind } from '../stage.js';

/** The kinds of labels and scalars that a backend can show. */
export function kindsOf({ labelTypes, scalarTypes }: Capabilities): LabelKind[] {
  const labels = labelTypes.filter((type) => type !== 'scalar');
  return [...labels, ...scalarTypes.map((type): LabelKind => `scalar ${type}`)];
}

/** What `download` promises about work that nobody touched: one promise per kind of label and media. */
export function returningPromises(capabilities: Capabilities): Promised[] {
  const media = (['image', 'video'] as const).filter((type) => capabilities.mediaTypes.includes(type));
  const kinds = media.flatMap((type) => kindsOf(capabilities).map((labels) => ({ media: type, labels })));
  return [...kinds.filter(() => capabilities.existingLabels).map(untouched), ...fixed];
}

const untouched = (kind: Required<WorkKind>): Promised => ({
  name: `untouched ${kind.labels} of ${kind.media}s come home as they were sent`,
  check: async (scene) => comesHomeAsSent(scene, (await sent(scene, kind)).work),
});

const fixed: readonly Promised[] = [
  {
    name: 'a download can be repeated',
    check: async (scene) => {
      const { work } = await sent(scene);
      const first = await bringHome(scene.backend, work, 0);
      assert.deepEqual(await bringHome(scene.backend, work, 0), first);
    },
  },
  {
    name: 'a download can be left in the middle',
    check: async (scene) => {
      const { work } = await sent(scene);
      for await (const sample of scene.backend.download(work.task(0))) {
        assert.ok(sample.id !== '');
        break;
      }
      assert.equal((await bringHome(scene.backend, work, 0)).size, work.units(0).length);
    },
  },
  {
    name: 'a download ends promptly when its signal is raised',
    check: async (scene) => {
      const { work } = await sent(scene);
      let samples = 0;
      const download = async (): Promise<void> => {
        for await (const _ of scene.backend.download(work.task(0))) {
          samples++;
          work.abort();
        }
      };
      await assert.rejects(download());
      assert.ok(samples < work.units(0).length, 'all samples were brought home nevertheless');
    },
  },
  {
    name: 'a sample that was not looked at is not complete',
    check: async (scene) => {
      const { work, player } = await sent(scene);
      const [first, second] = work.units(0);
      if (player.leaveUnfinished === undefined || first === undefined || second === undefined) return;
      await player.leaveUnfinished(0, first.id);
      const samples = await bringHome(scene.backend, work, 0);
      assert.notEqual(samples.get(first.id)?.complete, true);
      assert.equal(samples.get(second.id)?.complete, true, 'the others are');
    },
  },
];
