import { attributesOf, type Json, type Label, tagsOf } from '../labels/index.js';
import type { LabelFilter } from '../view/label-filter.js';
import type { FieldSelection } from './run.js';

/**
 * Whether a label, as it was when the run was frozen, belongs to the run. `listed` tells whether the label is among
 * those named one by one, where the selection lists them.
 */
export function isSelected(label: Label, selection: FieldSelection, listed: (id: string) => boolean): boolean {
  if (selection.classes !== null && (label.label === null || !selection.classes.includes(label.label))) return false;
  if (selection.geometry !== null && !hasGeometry(label, selection.geometry)) return false;
  if (selection.listed && !listed(label.id)) return false;
  return selection.filter === null || matchesFilter(label, selection.filter);
}

/** Whether nothing is left out: then no label needs to be looked at. */
export const takesAll = (selection: FieldSelection): boolean =>
  selection.classes === null && selection.geometry === null && selection.filter === null && !selection.listed;

/** Whether a label has the geometry that a label type asks for. */
export function hasGeometry(label: Label, wanted: NonNullable<FieldSelection['geometry']>): boolean {
  // Canonical texts hold numbers, these names and the hash: what stands in them can be read without parsing.
  const text = label.geometry ?? '';
  if (wanted === 'masked') return text.includes('"mask":"');
  if (wanted === 'unmasked') return !text.includes('"mask":"');
  return text.includes('"filled":true') === (wanted === 'filled');
}

/** Whether a label passes a filter; all given conditions must hold. */
export function matchesFilter(label: Label, filter: LabelFilter): boolean {
  if (filter.ids !== undefined && !filter.ids.includes(label.id)) return false;
  if (filter.classes !== undefined && (label.label === null || !filter.classes.includes(label.label))) return false;
  if (filter.tags !== undefined && !tagsOf(label).some((tag) => filter.tags?.includes(tag))) return false;
  if (filter.confidence !== undefined && !isWithin(label.confidence, filter.confidence)) return false;
  return filter.attributes === undefined || hasAttributes(label, filter.attributes);
}

function isWithin(value: number | null, range: NonNullable<LabelFilter['confidence']>): boolean {
  if (value === null) return false;
  return value >= (range.atLeast ?? Number.NEGATIVE_INFINITY) && value <= (range.atMost ?? Number.POSITIVE_INFINITY);
}

function hasAttributes(label: Label, wanted: Readonly<Record<string, Json>>): boolean {
  const attributes = attributesOf(label);
  return Object.entries(wanted).every(([name, value]) => (attributes[name] ?? null) === value);
}
