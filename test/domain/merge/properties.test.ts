import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldLabelSchema } from '../../../domain/label-schema/types.js';
import { canonicalJson, type Label } from '../../../domain/labels/index.js';
import { isSameWhereDeclared } from '../../../domain/merge/attribute-text.js';
import type { ConflictPolicy } from '../../../domain/merge/index.js';
import { attributesOf, box, boxes, load } from './builders.js';

const places = [
  [0.1, 0.2, 0.3, 0.4],
  [0.5, 0.5, 0.1, 0.1],
  [0, 0, 1, 1],
];
const text = fc.constantFrom(undefined, 'x', 'y', 'z');
const visible = {
  label: fc.constantFrom('cat', 'dog', 'bird'),
  box: fc.constantFrom(...places),
  note: text,
  source: text,
};
const whole = fc.record({ ...visible, reviewer: text, confidence: fc.constantFrom(undefined, 0.5) });

const labels = (ends: readonly string[], parts: fc.Arbitrary<object>): fc.Arbitrary<Label[]> =>
  fc
    .uniqueArray(fc.tuple(fc.constantFrom(...ends), parts), { selector: ([end]) => end })
    .map((all) => all.map(([end, part]) => box(end, { ...part })));

const known = ['a', 'b', 'c', 'd'];
const someSent = labels(known, whole);
const someCurrent = fc.option(labels([...known, 'e'], whole), { freq: 8 });
const someReturned = fc.option(labels([...known, '1', '2'], fc.record(visible)), { freq: 8 });
const somePolicy = fc.constantFrom<ConflictPolicy>('THEIRS', 'OURS', 'HOLD');
const someSchema: fc.Arbitrary<FieldLabelSchema> = fc
  .record({
    allow_additions: fc.boolean(),
    allow_deletions: fc.boolean(),
    allow_label_edits: fc.boolean(),
    allow_spatial_edits: fc.boolean(),
  })
  .map((flags) => ({ ...boxes, ...flags }));
const someLoad = fc.record({
  sent: someSent,
  current: someCurrent,
  returned: someReturned,
  schema: someSchema,
  policy: somePolicy,
  complete: fc.boolean(),
});

/** What annotators get of a label: no attributes that nobody declared. */
const shown = (label: Label): Label => {
  const { reviewer: _reviewer, ...attributes } = attributesOf(label);
  const rest = canonicalJson(attributes);
  return { ...label, attributes: rest === '{}' ? null : rest, confidence: null };
};

const byId = (all: readonly Label[] | null): Map<string, Label> =>
  new Map((all ?? []).map((label) => [label.id, label]));
const hold = (property: fc.IProperty<unknown>) => fc.assert(property as fc.IProperty<[unknown]>, { numRuns: 400 });

describe('whatever the versions and the rules', () => {
  test('every label is accounted for', () => hold(fc.property(someLoad, (given) => void load(given))));

  test('a download nobody touched changes nothing', () =>
    hold(
      fc.property(someLoad, (given) => {
        const returned = given.sent.length === 0 ? null : given.sent.map(shown);
        const { labels, findings } = load({ ...given, returned });
        expect(labels).toEqual(given.current);
        expect(findings).toEqual([]);
      }),
    ));

  test('the same load again writes nothing more', () =>
    hold(
      fc.property(someLoad, (given) => {
        const first = load(given);
        const second = load({ ...given, from: first.next, current: first.labels });
        expect(second.labels).toEqual(first.labels);
        expect(second.findings.filter(({ kind }) => kind === 'CONFLICT')).toEqual([]);
      }),
    ));

  test('what is forbidden is never written', () =>
    hold(
      fc.property(someLoad, fc.boolean(), (given, compatible) => {
        const after = byId(load({ ...given, compatible }).labels);
        const { schema, current } = given;
        for (const label of current ?? []) {
          const now = after.get(label.id);
          if (schema.allow_deletions === false) expect(now).toBeDefined();
          if (now === undefined) continue;
          if (schema.allow_label_edits === false) expect(now.label).toBe(label.label);
          if (schema.allow_spatial_edits === false) expect(now.geometry).toBe(label.geometry);
          expect(attributesOf(now).source).toEqual(attributesOf(label).source);
          expect(attributesOf(now).reviewer).toEqual(attributesOf(label).reviewer);
          expect(now.confidence).toBe(label.confidence);
        }
        if (schema.allow_additions === false) expect(after.size).toBeLessThanOrEqual(current?.length ?? 0);
      }),
    ));

  test('what changed here meanwhile is never lost', () =>
    hold(
      fc.property(someLoad, fc.constantFrom<ConflictPolicy>('OURS', 'HOLD'), (given, policy) => {
        const after = byId(load({ ...given, policy }).labels);
        const before = byId(given.sent);
        for (const here of given.current ?? []) {
          const sent = before.get(here.id);
          const kept = after.get(here.id);
          if (sent === undefined) expect(kept).toEqual(here);
          else for (const part of changedParts(sent, here)) expect(partOf(kept, part)).toEqual(partOf(here, part));
        }
        for (const { id } of given.sent) if (!byId(given.current).has(id)) expect(after.has(id)).toBe(false);
      }),
    ));

  test('existing labels keep their order and new ones follow', () =>
    hold(
      fc.property(someLoad, (given) => {
        const ids = (load(given).labels ?? []).map((label) => label.id);
        const here = (given.current ?? []).map((label) => label.id).filter((id) => ids.includes(id));
        expect(ids.slice(0, here.length)).toEqual(here);
      }),
    ));
});

describe('where all is allowed', () => {
  test('and nothing changed here, the dataset becomes what came back', () =>
    hold(
      fc.property(someSent, labels([...known, '1', '2'], fc.record(visible)), (sent, returned) => {
        const schema = {
          ...boxes,
          existing_field: false,
          attributes: { note: { type: 'text' }, source: { type: 'text' } },
        };
        const after = load({ sent, returned, schema }).labels ?? [];
        expect(byId(after.map(shown))).toEqual(byId(returned));
      }),
    ));

  test('a dataset that holds the answer already has nothing to report', () =>
    hold(
      fc.property(someSent, someReturned, somePolicy, (sent, returned, policy) => {
        const schema = {
          ...boxes,
          existing_field: false,
          attributes: { note: { type: 'text' }, source: { type: 'text' } },
        };
        const answer = load({ sent, returned, schema }).labels;
        const again = load({ sent, current: answer, returned, schema, policy });
        expect(again.labels).toEqual(answer);
        expect(again.findings).toEqual([]);
      }),
    ));
});

test('texts of attributes compare as their values do', () => {
  const name = fc.constantFrom('a', 'b', '"q"', 'c,d');
  const attributes = fc.dictionary(
    name,
    fc.oneof(
      fc.constantFrom('', 'x"y', '\\', '}', 'a,b'),
      fc.json().map((json) => JSON.parse(json) as unknown),
    ),
  );
  const declared = new Set(['a', '"q"']);
  hold(
    fc.property(attributes, fc.subarray(['a', 'b', '"q"', 'c,d']), (full, kept) => {
      const part = Object.fromEntries(Object.entries(full).filter(([key]) => kept.includes(key)));
      const lost = Object.keys(full).filter((key) => !kept.includes(key) && full[key] !== null);
      const isSame = isSameWhereDeclared(canonicalJson(part), canonicalJson(full), declared);
      if (lost.some((key) => declared.has(key))) expect(isSame).toBe(false);
      else if (!lost.some((key) => key.includes('"'))) expect(isSame).toBe(true);
      const changed = canonicalJson({ ...part, a: 'changed' });
      expect(isSameWhereDeclared(changed, canonicalJson(full), declared)).toBe(full.a === 'changed');
    }),
  );
});

type Part = 'label' | 'geometry' | 'note';
const partOf = (label: Label | undefined, part: Part) => (part === 'note' ? attributesOf(label).note : label?.[part]);
const changedParts = (sent: Label, here: Label): Part[] =>
  (['label', 'geometry', 'note'] as const).filter((part) => partOf(sent, part) !== partOf(here, part));
