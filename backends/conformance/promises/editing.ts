import assert from 'node:assert/strict';
import { type LabelDocument, returnTypeOf } from '../../../domain/labels/index.js';
import type { Capabilities, ReturnedDocument, ReturnedSample, SentField, TaskUnit } from '../../backend.js';
import { bringHome, sent } from '../acts.js';
import { Comparison, returnedFrames } from '../compare.js';
import { attributesFor, hasPlace, isListKind, LabelMaker } from '../labels.js';
import type { LabelKind, Place, Player, Promised, Scene, WorkKind } from '../stage.js';
import type { Work } from '../work.js';

type Label = LabelDocument & { id: string };

/** An edit of one label: how the player does it, and what the label is afterwards (null: gone). */
interface Edit {
  readonly name: string;
  play(player: Player, place: Place, label: Label): Promise<void>;
  after(label: Label): Label | null;
}

/** What `download` promises about each kind of edit, on each kind of label. */
export function editingPromises(capabilities: Capabilities): Promised[] {
  if (!capabilities.existingLabels) return [];
  const media = (['image', 'video'] as const).filter((type) => capabilities.mediaTypes.includes(type));
  const lists = capabilities.labelTypes.filter((type): type is Exclude<typeof type, 'scalar'> =>
    isListKind(type as LabelKind),
  );
  return media.flatMap((type) => lists.flatMap((labels) => promisesFor({ media: type, labels }, capabilities)));
}

function promisesFor(kind: Required<WorkKind>, capabilities: Capabilities): Promised[] {
  const [attribute] = Object.entries(attributesFor(capabilities).second);
  const edits = [
    relabel,
    remove,
    ...(hasPlace(kind.labels) ? [move] : []),
    ...(attribute ? [setAttribute(attribute)] : []),
  ];
  const what = `${kind.labels} of ${kind.media}s`;
  return [
    ...edits.map((edit) => ({
      name: `${what}: a label that was ${edit.name} comes home so, the others as sent`,
      check: check(kind, edit),
    })),
    { name: `${what}: a label that was drawn comes home as a new one`, check: drawn(kind) },
  ];
}

const move: Edit = {
  name: 'moved',
  play: (player, place, label) => player.move(place, label.id, [0.0625, 0.125]),
  after: (label) => shifted(label, 0.0625, 0.125),
};

const relabel: Edit = {
  name: 'given another class',
  play: (player, place, label) => player.relabel(place, label.id, otherClass(label)),
  after: (label) => ({ ...label, label: otherClass(label) }),
};

const remove: Edit = {
  name: 'deleted',
  play: (player, place, label) => player.remove(place, label.id),
  after: () => null,
};

const setAttribute = ([name, value]: [string, Exclude<LabelDocument[string], undefined>]): Edit => ({
  name: 'given another attribute',
  play: (player, place, label) => player.setAttribute(place, label.id, name, value as never),
  after: (label) => ({ ...label, [name]: value }),
});

const otherClass = (label: LabelDocument): string => (label.label === 'cat' ? 'dog' : 'cat');

/** A label moved by shares of the picture. */
export function shifted<T extends LabelDocument>(label: T, dx: number, dy: number): T {
  const point = ([x, y]: readonly number[]): number[] => [(x as number) + dx, (y as number) + dy];
  const box = label.bounding_box as number[] | undefined;
  if (box !== undefined) return { ...label, bounding_box: [...point(box), ...box.slice(2)] };
  const points = label.points as number[][] | number[][][];
  const moved = points.map((one) => (Array.isArray(one[0]) ? (one as number[][]).map(point) : point(one as number[])));
  return { ...label, points: moved };
}

function check(kind: Required<WorkKind>, edit: Edit): (scene: Scene) => Promise<void> {
  return async (scene) => {
    const { work, player } = await sent(scene, kind);
    const { unit, label, place } = firstLabel(work);
    await edit.play(player, place, label);
    const samples = await bringHome(scene.backend, work, 0);
    const after = edit.after(label);
    const changed = (labels: readonly LabelDocument[], frame: number): LabelDocument[] =>
      frame !== (place.frame ?? 0)
        ? [...labels]
        : labels.flatMap((one) => (one.id !== label.id ? [one] : after === null ? [] : [after]));
    for (const other of work.units(0)) {
      const sample = samples.get(other.id);
      assert.equal(sample?.complete, true, `sample ${other.id} is complete`);
      new Comparison(scene.descriptor, work).sameUnit(
        other,
        sample as ReturnedSample,
        other.id === unit.id ? changed : undefined,
      );
    }
  };
}

function drawn(kind: Required<WorkKind>): (scene: Scene) => Promise<void> {
  return async (scene) => {
    const { work, player } = await sent(scene, kind);
    const { unit, field, place } = firstLabel(work);
    const content = drawable(new LabelMaker(scene.descriptor.capabilities), kind, work);
    await player.add(place, content, work.plan.masks.get(content.mask ?? '') ?? null);
    const sample = (await bringHome(scene.backend, work, 0)).get(unit.id) as ReturnedSample;
    const before = labelsAt(field, place);
    const fresh = returnedAt(sample, field, place).filter(({ id }) => !before.some((label) => label.id === id));
    assert.equal(fresh.length, 1, 'one new label comes home');
    new Comparison(scene.descriptor, work).sameLabel(content, fresh[0] as ReturnedDocument, field, 'the new label');
    assert.equal(returnedAt(sample, field, place).length, before.length + 1, 'beside those that were sent');
  };
}

/** What an annotator draws; its mask, if it has one, becomes known to the comparison. */
function drawable(maker: LabelMaker, { media, labels }: Required<WorkKind>, work: Work): LabelDocument {
  const content = maker.content(labels, 6);
  for (const [hash, mask] of maker.masks) (work.plan.masks as Map<string, typeof mask>).set(hash, mask);
  return media === 'video' && hasPlace(labels) ? { ...content, index: 9 } : content;
}

function firstLabel(work: Work): { unit: TaskUnit; field: SentField; label: Label; place: Place } {
  const unit = work.units(0)[0] as TaskUnit;
  const [name, field] = Object.entries(unit.fields)[0] as [string, SentField];
  const frame = field.frames === undefined ? {} : { frame: 1 };
  const place = { part: 0, unitId: unit.id, field: name, ...frame };
  return { unit, field, place, label: labelsAt(field, place)[0] as Label };
}

const labelsAt = (field: SentField, { frame }: Place): readonly LabelDocument[] =>
  (frame === undefined ? field.labels : field.frames?.get(frame)?.labels) ?? [];

function returnedAt(
  sample: ReturnedSample,
  { schema }: SentField,
  { field, frame }: Place,
): readonly ReturnedDocument[] {
  const type = returnTypeOf[schema.type ?? 'scalar'];
  return returnedFrames(sample.fields[field]?.[type]).get(frame ?? 0)?.labels ?? [];
}
