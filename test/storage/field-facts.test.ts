import { describe, expect } from 'vitest';
import type { LabelSchemaRequest } from '../../domain/label-schema/index.js';
import type { View } from '../../domain/view/view.js';
import { gatherFacts } from '../../storage/field-facts.js';
import type { Dataset } from '../../storage/stores.js';
import { frame, label, list, Stage, sample } from '../support/content.js';
import { test } from '../support/database.js';

const facts = async (stage: Stage, request: Record<string, unknown>, view: View | null = null) =>
  gatherFacts(stage, (await stage.datasets.byId(stage.dataset.id)) as Dataset, view, request as LabelSchemaRequest);

describe('what is known of a field', () => {
  test('are the classes of the whole dataset and the labels of the view', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections' });
    const samples = [
      sample({
        boxes: list(
          label({ attributes: '{"colour":"red","wild":true}' }),
          label({ label: 'dog', attributes: '{"colour":3}' }),
        ),
      }),
      sample({ boxes: list(label({ label: 'cow', geometry: '{"mask":"x"}' }), label({ label: null })) }),
    ];
    await stage.add(...samples);
    const all = (await facts(stage, { labelField: 'boxes' })).fields.get('boxes');
    expect(all).toMatchObject({ type: 'Detections', classes: ['cat', 'cow', 'dog'] });
    expect(all?.labels?.counts).toHaveLength(4);
    const view = { samples: [samples[0]?.id ?? ''], labels: [{ field: 'boxes', filter: { classes: ['dog'] } }] };
    const some = (await facts(stage, { labelField: 'boxes' }, view)).fields.get('boxes');
    expect(some?.classes).toEqual(['cat', 'cow', 'dog']);
    expect(some?.labels?.counts).toEqual([{ geometry: 'unmasked', label: 'dog', count: 1 }]);
    expect(some?.labels?.attributes.map(({ name, kinds }) => [name, kinds])).toEqual([['colour', ['number']]]);
  });

  test('are no attributes where none are asked for, and still the counts', async ({ database }) => {
    const stage = await Stage.on(database, { boxes: 'Detections' });
    await stage.add(sample({ boxes: list(label({ attributes: '{"colour":"red"}' })) }));
    const request = { labelField: 'boxes', labelType: 'detections', classes: ['cat'], attributes: false };
    const found = (await facts(stage, request)).fields.get('boxes');
    expect(found?.labels).toMatchObject({ counts: [{ label: 'cat', count: 1 }], attributes: [] });
    expect(found?.classes).toEqual([]);
  });

  test('is nothing where the field does not exist', async ({ database }) => {
    const stage = await Stage.on(database, { weather: 'string' });
    const { fields } = await facts(stage, {
      labelSchema: { boxes: { type: 'detections', classes: ['x'] }, weather: { type: 'scalar' } },
    });
    expect([...fields]).toEqual([['weather', { type: 'string', classes: [], labels: null }]]);
  });

  test('in a view of frames goes by its name without prefix', async ({ database }) => {
    const stage = await Stage.on(
      database,
      { 'frames.boxes': 'Detections', boxes: 'Polylines' },
      { mediaType: 'video', maskTargets: { 'frames.boxes': { '1': 'x' }, boxes: { '2': 'y' } } },
    );
    const video = sample({}, { mediaType: 'video' });
    await stage.add(video);
    await stage.addFrames(frame(video.id, 1, { boxes: list(label({ attributes: '{"keyframe":true}' })) }));
    const found = await facts(stage, { labelField: 'boxes' }, { frames: true });
    expect(found).toMatchObject({
      mediaType: 'image',
      unit: 'frame',
      unitCount: 1,
      maskTargets: { boxes: { '1': 'x' } },
    });
    expect(found.fields.get('boxes')).toMatchObject({
      type: 'Detections',
      classes: ['cat'],
      labels: { keyframes: true },
    });
  });
});

describe('what is known of a view', () => {
  test('is its kind of media', async ({ database }) => {
    const stage = await Stage.on(
      database,
      { caption: 'string', 'frames.caption': 'string' },
      { mediaType: 'group', groupMediaTypes: { left: 'image', right: 'image', film: 'video' } },
    );
    const group = 'e'.repeat(24);
    await stage.add(
      sample({}, { group: { id: group, slice: 'left' } }),
      sample({}, { group: { id: group, slice: 'film' }, mediaType: 'video' }),
    );
    const media = async (view: View | null) =>
      (await facts(stage, { labelField: 'x', labelType: 'detections', classes: ['x'] }, view)).mediaType;
    expect(await media(null)).toBe('group');
    expect(await media({ slices: ['left', 'right'] })).toBe('image');
    expect(await media({ slices: ['film'] })).toBe('video');
    expect(await media({ slices: ['left', 'film'] })).toBe('mixed');
    const all = await facts(stage, { labelField: 'x', labelType: 'detections', classes: ['x'] }, { limit: 1 });
    expect(all).toMatchObject({
      unit: 'sample',
      unitCount: 1,
      slices: ['left', 'right', 'film'],
      mediaFields: ['filepath', 'caption'],
    });
  });

  test('is seen in the samples where the dataset does not say it', async ({ database }) => {
    const stage = await Stage.on(database, {}, { mediaType: 'group' });
    await stage.add(sample({}, { group: { id: 'e'.repeat(24), slice: 'a' }, mediaType: 'video' }));
    expect((await facts(stage, { labelField: 'x' }, { slices: ['a'] })).mediaType).toBe('video');
  });
});
