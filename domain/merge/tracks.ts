import type { Label } from '../labels/index.js';
import type { FrameVersions, MergeRules, ReturnedLabel } from './types.js';

/**
 * Track numbers. Tools number tracks as they like, and some lose the ids of labels along a track. So returned numbers
 * are translated to ours: a returned number stands for the existing track whose labels came back under it first; any
 * other is a new track and gets the next free number. A returned label that then stands where a label of the same
 * track stands takes that label's id.
 *
 * FiftyOne compares with what the dataset holds now, and lets two labels of one frame that land on one id collapse into
 * one. We compare with what was sent, so that what changed here since is not taken for the annotators' work, and a label
 * that came back under its own id keeps it.
 */

type Frames = ReadonlyMap<number, FrameVersions>;
type Numbered = Map<number, readonly ReturnedLabel[]>;

/** The payload with translated numbers by frame; null where it stays as it is. */
export function numberTracks(frames: Frames, rules: MergeRules): Numbered | null {
  if (rules.numbering === 'none') return null;
  if (rules.numbering === 'blind') return renumber(frames, new TrackNumbers(new Map(), 0));
  const known = knownLabels(frames, rules);
  if (isAsKnown(frames, known, rules)) return null;
  if (rules.numbering === 'collisions') return renumber(frames, collisionNumbers(frames, known));
  const numbers = trackNumbers(frames, known);
  return takeIds(renumber(frames, numbers), known, rules.compatible);
}

type Known = ReadonlyMap<number, readonly Label[]>;

/** The labels whose tracks count as existing. */
function knownLabels(frames: Frames, rules: MergeRules): Known {
  const fromDataset = rules.compatible || rules.toOtherField;
  const known = new Map<number, readonly Label[]>();
  for (const [frame, { sent, current }] of frames) known.set(frame, fromDataset ? (current ?? []) : sent);
  return known;
}

/** Whether everything that came back has the id and number that it is known by: then there is nothing to translate. */
function isAsKnown(frames: Frames, known: Known, rules: MergeRules): boolean {
  if (rules.toOtherField) return false;
  for (const [frame, { returned }] of frames) {
    const labels = known.get(frame) ?? [];
    const isSame = (returned ?? []).every(
      ({ key, label }, i) => labels[i]?.id === key && labels[i]?.index === label.index,
    );
    if (!isSame) return false;
  }
  return true;
}

/** Gives every returned number the one that it stands for here. */
class TrackNumbers {
  constructor(
    private readonly numbers: Map<number, number>,
    private highest: number,
  ) {}

  of(returned: number): number {
    const known = this.numbers.get(returned);
    if (known !== undefined) return known;
    this.numbers.set(returned, ++this.highest);
    return this.highest;
  }
}

function trackNumbers(frames: Frames, known: Known): TrackNumbers {
  const byId = numbersById(known);
  const numbers = new Map<number, number>();
  const met = new Set<number>();
  for (const { key, label } of returnedIn(frames)) {
    const existing = byId.get(key);
    if (existing === undefined || label.index === null || met.has(existing)) continue;
    met.add(existing);
    numbers.set(label.index, Math.min(existing, numbers.get(label.index) ?? existing));
  }
  return new TrackNumbers(numbers, highestIn(frames, known));
}

/** Numbers stay as they came, but a track without any known label does not get a number that is in use. */
function collisionNumbers(frames: Frames, known: Known): TrackNumbers {
  const byId = numbersById(known);
  const used = new Set(byId.values());
  const numbers = new Map<number, number>();
  let highest = highestIn(frames, known);
  for (const { key, label } of returnedIn(frames)) {
    if (label.index === null) continue;
    highest = Math.max(highest, label.index);
    if (byId.has(key) || !used.has(label.index)) numbers.set(label.index, label.index);
  }
  return new TrackNumbers(numbers, highest);
}

function numbersById(known: Known): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const labels of known.values()) for (const { id, index } of labels) if (index !== null) numbers.set(id, index);
  return numbers;
}

function highestIn(frames: Frames, known: Known): number {
  let highest = 0;
  for (const [frame, { current }] of frames)
    for (const labels of [known.get(frame) ?? [], current ?? []])
      for (const { index } of labels) if (index !== null && index > highest) highest = index;
  return highest;
}

function* returnedIn(frames: Frames): Iterable<{ readonly key: string; readonly label: Label }> {
  for (const { returned, aliases } of frames.values())
    for (const { key, label } of returned ?? []) yield { key: aliases?.get(key) ?? key, label };
}

function renumber(frames: Frames, numbers: TrackNumbers): Numbered {
  const numbered: Numbered = new Map();
  for (const [frame, { returned }] of frames)
    if (returned !== null)
      numbered.set(
        frame,
        returned.map((back) => withIndex(back, numbers)),
      );
  return numbered;
}

function withIndex(back: ReturnedLabel, numbers: TrackNumbers): ReturnedLabel {
  const { index } = back.label;
  if (index === null) return back;
  const number = numbers.of(index);
  return number === index ? back : { ...back, label: { ...back.label, index: number } };
}

/** Labels that stand where a known label of the same track stands take its id. */
function takeIds(numbered: Numbered, known: Known, compatible: boolean): Numbered {
  for (const [frame, returned] of numbered) {
    const places = placesOf(known.get(frame) ?? []);
    if (places.size > 0) numbered.set(frame, compatible ? collapse(returned, places) : share(returned, places));
  }
  return numbered;
}

/** Which id stands under each track number of a frame. */
function placesOf(labels: readonly Label[]): Map<number, string> {
  const places = new Map<number, string>();
  for (const { id, index } of labels) if (index !== null) places.set(index, id);
  return places;
}

const placeOf = ({ key, label }: ReturnedLabel, places: ReadonlyMap<number, string>): string =>
  (label.index === null ? undefined : places.get(label.index)) ?? key;

const under = (back: ReturnedLabel, id: string): ReturnedLabel =>
  back.key === id ? back : { ...back, key: id, label: { ...back.label, id } };

/** As FiftyOne: of two labels that land on one id the later wins. */
function collapse(returned: readonly ReturnedLabel[], places: ReadonlyMap<number, string>): readonly ReturnedLabel[] {
  const byId = new Map<string, ReturnedLabel>();
  for (const back of returned) {
    const id = placeOf(back, places);
    byId.set(id, under(back, id));
  }
  return [...byId.values()];
}

/** Of labels that land on one id the one that came back under it takes it, else the first; the others keep their own. */
function share(returned: readonly ReturnedLabel[], places: ReadonlyMap<number, string>): readonly ReturnedLabel[] {
  const owners = new Map<string, ReturnedLabel>();
  for (const back of returned) {
    const id = placeOf(back, places);
    if (!owners.has(id) || back.key === id) owners.set(id, back);
  }
  return returned.map((back) => {
    const id = placeOf(back, places);
    return owners.get(id) === back ? under(back, id) : back;
  });
}
