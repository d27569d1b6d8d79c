import assert from 'node:assert/strict';
import type { Json } from '../../domain/labels/index.js';
import type { Backend, Changes, ReturnedSample } from '../backend.js';
import { Comparison } from './compare.js';
import type { Player, Scene, WorkKind } from './stage.js';
import type { Work } from './work.js';

/** Sends a run whole: prepares it and uploads its tasks, with the state read anew before each call, as the daemon does. */
export async function send(backend: Backend, work: Work): Promise<void> {
  await backend.prepare(work.run());
  for (const part of work.parts) await backend.upload(work.task(part));
}

/** A run that has been sent, with its player. */
export async function sent(scene: Scene, kind?: WorkKind): Promise<{ readonly work: Work; readonly player: Player }> {
  const work = scene.work(kind);
  await send(scene.backend, work);
  return { work, player: scene.stage.playerOf(work) };
}

/** Everything that a task brings home, by unit id. A unit must come at most once. */
export async function bringHome(backend: Backend, work: Work, part: number): Promise<Map<string, ReturnedSample>> {
  const samples = new Map<string, ReturnedSample>();
  for await (const sample of backend.download(work.task(part))) {
    assert.ok(!samples.has(sample.id), `sample ${sample.id} came home twice`);
    samples.set(sample.id, sample);
  }
  return samples;
}

/** Fails unless all tasks come home, complete and as they were sent. */
export async function comesHomeAsSent({ backend, descriptor }: Scene, work: Work): Promise<void> {
  const comparison = new Comparison(descriptor, work);
  for (const part of work.parts) {
    const samples = await bringHome(backend, work, part);
    assert.deepEqual(
      [...samples.keys()].sort(),
      work
        .units(part)
        .map(({ id }) => id)
        .sort(),
      `the samples of task ${part}`,
    );
    for (const unit of work.units(part)) {
      const sample = samples.get(unit.id) as ReturnedSample;
      assert.equal(sample.complete, true, `sample ${unit.id} is complete`);
      comparison.sameUnit(unit, sample);
    }
  }
}

/** Polls until nothing is new; fails when the same cursor does not give the same answer. */
export async function settle(backend: Backend, work: Work, cursor: Json = null): Promise<Json> {
  let changes: Changes = await poll(backend, work, cursor);
  for (let polls = 0; changes.tasks.length > 0; polls++) {
    assert.ok(polls < 10, 'ten polls after each other still told of changes, though nobody changed anything');
    changes = await poll(backend, work, changes.cursor);
  }
  return changes.cursor;
}

/** One poll; the cursor goes through JSON, as the database keeps it. */
export async function poll(backend: Backend, work: Work, cursor: Json): Promise<Changes> {
  const changes = await backend.changes(work.run(), JSON.parse(JSON.stringify(cursor)) as Json);
  return { ...changes, cursor: JSON.parse(JSON.stringify(changes.cursor)) as Json };
}

/** What a player's inventory says, the run's id taken out, sorted: equal for runs that were sent alike. */
export async function inventoryOf(player: Player, work: Work): Promise<string[]> {
  const things = await player.inventory();
  return things.map((thing) => thing.replaceAll(work.plan.runId, '<run>')).sort();
}
