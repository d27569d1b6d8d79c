import assert from 'node:assert/strict';
import type { TaskState } from '../../../domain/run/states.js';
import type { Capabilities, TaskChange } from '../../backend.js';
import { inventoryOf, poll, sent, settle } from '../acts.js';
import type { Promised } from '../stage.js';

/** What `changes` promises. */
export function watchingPromises({ reviews }: Capabilities): Promised[] {
  const states: TaskState[] = ['ANNOTATING', 'COMPLETED', ...(reviews ? (['IN_REVIEW', 'REJECTED'] as const) : [])];
  return [...states.map(told), ...fixed];
}

const told = (state: TaskState): Promised => ({
  name: `a task that became ${state} is told once, and no other`,
  check: async (scene) => {
    const { work, player } = await sent(scene);
    const cursor = await settle(scene.backend, work);
    await player.setState(1, state, 'ann');
    const { tasks, cursor: next } = await poll(scene.backend, work, cursor);
    assert.deepEqual(
      tasks.map(({ part }) => part),
      [1],
    );
    assert.equal(tasks[0]?.state, state);
    assert.notEqual(tasks[0]?.rawState, '');
    assert.deepEqual((await poll(scene.backend, work, next)).tasks, []);
  },
});

const fixed: readonly Promised[] = [
  {
    name: 'a cursor can be used again and tells the same',
    check: async (scene) => {
      const { work, player } = await sent(scene);
      const cursor = await settle(scene.backend, work);
      await player.setState(0, 'COMPLETED');
      const first = await poll(scene.backend, work, cursor);
      const again = await poll(scene.backend, work, cursor);
      assert.deepEqual(again.tasks, first.tasks);
      assert.equal(first.tasks.length, 1);
    },
  },
  {
    name: 'without a cursor everything that moved is told',
    check: async (scene) => {
      const { work, player } = await sent(scene);
      for (const part of work.parts) await player.setState(part, 'COMPLETED');
      await settle(scene.backend, work);
      const { tasks } = await poll(scene.backend, work, null);
      assert.deepEqual(tasks.map(({ part }) => part).sort(), [...work.parts]);
      for (const { state } of tasks) assert.equal(state, 'COMPLETED');
    },
  },
  {
    name: 'a poll changes nothing',
    check: async (scene) => {
      const { work, player } = await sent(scene);
      const [before, saved] = [await inventoryOf(player, work), JSON.stringify(work.saved)];
      await settle(scene.backend, work);
      assert.deepEqual(await inventoryOf(player, work), before);
      assert.equal(JSON.stringify(work.saved), saved);
    },
  },
  {
    name: 'the revision differs when labels were edited, and only then',
    check: async (scene) => {
      const { work, player } = await sent(scene);
      await player.setState(0, 'COMPLETED');
      const first = revisionOf(await poll(scene.backend, work, null), 0);
      assert.equal(revisionOf(await poll(scene.backend, work, null), 0), first, 'nothing was edited');
      const unit = work.units(0)[0];
      const [field, content] = Object.entries(unit?.fields ?? {})[0] ?? [];
      const label = content?.labels?.[0];
      if (unit === undefined || field === undefined || !label?.id) return;
      await player.remove({ part: 0, unitId: unit.id, field }, label.id);
      await player.setState(0, 'COMPLETED');
      assert.notEqual(revisionOf(await poll(scene.backend, work, null), 0), first, 'a label was deleted');
    },
  },
  {
    name: 'a task that was deleted at the remote side is told as GONE',
    check: async (scene) => {
      const { work, player } = await sent(scene);
      if (player.destroy === undefined) return;
      const cursor = await settle(scene.backend, work);
      await player.destroy(1);
      const { tasks, cursor: next } = await poll(scene.backend, work, cursor);
      assert.deepEqual(
        tasks.map(({ part, state }) => [part, state]),
        [[1, 'GONE']],
      );
      assert.deepEqual((await poll(scene.backend, work, next)).tasks, []);
    },
  },
];

const revisionOf = ({ tasks }: { readonly tasks: readonly TaskChange[] }, part: number): string => {
  const task = tasks.find((one) => one.part === part);
  assert.ok(task !== undefined, `task ${part} is told of`);
  return task.revision;
};
