import assert from 'node:assert/strict';
import { comesHomeAsSent, inventoryOf, send, sent } from '../acts.js';
import type { Promised } from '../stage.js';

/** What `cleanup` promises. */
export const cleaningPromises: readonly Promised[] = [
  {
    name: 'cleanup leaves nothing of the run',
    check: async (scene) => {
      const { work, player } = await sent(scene);
      assert.notDeepEqual(await inventoryOf(player, work), []);
      await scene.backend.cleanup(work.run());
      assert.deepEqual(await inventoryOf(player, work), []);
    },
  },
  {
    name: 'cleanup can be repeated',
    check: async (scene) => {
      const { work, player } = await sent(scene);
      await scene.backend.cleanup(work.run());
      await scene.backend.cleanup(work.run());
      assert.deepEqual(await inventoryOf(player, work), []);
    },
  },
  {
    name: 'cleaning up a run that was never sent is a success',
    check: async (scene) => scene.backend.cleanup(scene.work().run()),
  },
  {
    name: 'cleanup touches no other run',
    check: async (scene) => {
      const [one, other] = [await sent(scene), await sent(scene)];
      const before = await inventoryOf(other.player, other.work);
      await scene.backend.cleanup(one.work.run());
      assert.deepEqual(await inventoryOf(other.player, other.work), before);
      if (scene.descriptor.capabilities.existingLabels) await comesHomeAsSent(scene, other.work);
    },
  },
  {
    name: 'cleanup touches nothing that somebody else made',
    check: async (scene) => {
      const { work, player } = await sent(scene);
      const isThere = await player.plant?.();
      await scene.backend.cleanup(work.run());
      assert.ok(isThere === undefined || (await isThere()));
    },
  },
  {
    name: 'cleanup removes what an upload left that was cut short',
    check: async (scene) => {
      const undisturbed = scene.work();
      await send(scene.backend, undisturbed);
      for (const point of [...undisturbed.points]) {
        const work = scene.work();
        work.breakAt(point);
        await assert.rejects(send(scene.backend, work));
        work.revive();
        await scene.backend.cleanup(work.run());
        assert.deepEqual(await inventoryOf(scene.stage.playerOf(work), work), [], `after a crash at: ${point}`);
      }
    },
  },
  {
    name: 'a cleanup that was cut short is completed by the next',
    check: async (scene) => {
      const { work, player } = await sent(scene);
      work.abort();
      await scene.backend.cleanup(work.run()).catch(() => {});
      work.revive();
      await scene.backend.cleanup(work.run());
      assert.deepEqual(await inventoryOf(player, work), []);
    },
  },
];
