import assert from 'node:assert/strict';
import { inventoryOf, send, sent } from '../acts.js';
import type { Promised, Scene } from '../stage.js';

/** What `prepare` and `upload` promise. */
export const sendingPromises: readonly Promised[] = [
  {
    name: 'a run that is prepared twice exists once',
    check: async (scene) => {
      const work = scene.work();
      const player = scene.stage.playerOf(work);
      await scene.backend.prepare(work.run());
      const once = await inventoryOf(player, work);
      await scene.backend.prepare(work.run());
      assert.notDeepEqual(once, [], 'a prepared run has something at the remote side');
      assert.deepEqual(await inventoryOf(player, work), once);
    },
  },
  {
    name: 'a task that is uploaded twice is there once',
    check: async (scene) => {
      const { work, player } = await sent(scene);
      const once = await inventoryOf(player, work);
      for (const part of work.parts) await scene.backend.upload(work.task(part));
      assert.deepEqual(await inventoryOf(player, work), once);
    },
  },
  {
    name: 'an upload tells the remote id of the task',
    check: async (scene) => {
      const { work } = await sent(scene);
      const ids = work.saved.tasksShown.map(({ remoteId }) => remoteId);
      assert.equal(new Set(ids.filter((id) => id !== undefined && id !== '')).size, work.parts.length);
    },
  },
  {
    name: 'an upload ends promptly when its signal is raised',
    check: async (scene) => {
      const work = scene.work();
      await scene.backend.prepare(work.run());
      work.abortAt('task 0 unit 1');
      await assert.rejects(scene.backend.upload(work.task(0)));
      assert.ok(!work.points.includes('task 0 unit 3'), 'it went on reading samples');
    },
  },
  { name: 'no secret is kept in the state, shown or logged', check: keepsSecrets },
];

async function keepsSecrets(scene: Scene): Promise<void> {
  const { work } = await sent(scene);
  await scene.backend.changes(work.run(), null);
  await scene.backend.cleanup(work.run());
  const text = JSON.stringify(work.saved) + work.logged.join('\n');
  const described = scene.descriptor.parameters.filter(({ secret }) => secret).map(({ name }) => name);
  for (const name of [...described, 'conformance_secret']) {
    const value = work.plan.parameters[name];
    const told = typeof value === 'string' && value !== '' && text.includes(value);
    assert.ok(!told, `the value of "${name}" stands in the state, in what is shown or in the log`);
  }
}

/** What both promise about being cut short: at every point that the undisturbed work passes. */
export const interruptionPromises: readonly Promised[] = [
  {
    name: 'a run that is cut short anywhere while it is sent ends like an undisturbed one',
    check: async (scene) => {
      const undisturbed = scene.work();
      await send(scene.backend, undisturbed);
      const expected = await inventoryOf(scene.stage.playerOf(undisturbed), undisturbed);
      const points = [...undisturbed.points];
      assert.ok(points.length > 0, 'the adapter neither read units nor saved anything');
      for (const point of points) {
        const work = scene.work();
        work.breakAt(point);
        await assert.rejects(send(scene.backend, work), `the adapter went on although it was cut short at: ${point}`);
        work.revive();
        await send(scene.backend, work);
        assert.deepEqual(await inventoryOf(scene.stage.playerOf(work), work), expected, `after a crash at: ${point}`);
      }
    },
  },
  {
    name: 'an upload that is repeated after people began keeps their work',
    check: async (scene) => {
      const { work, player } = await sent(scene);
      const unit = work.units(0)[0];
      const [field, content] = Object.entries(unit?.fields ?? {})[0] ?? [];
      const label = content?.labels?.[0];
      if (unit === undefined || field === undefined || !label?.id) return;
      await player.remove({ part: 0, unitId: unit.id, field }, label.id);
      await scene.backend.upload({ ...work.task(0), state: null });
      for await (const sample of scene.backend.download(work.task(0)))
        if (sample.id === unit.id)
          assert.ok(!JSON.stringify(sample.fields).includes(label.id), 'the label that was deleted came back');
    },
  },
];
