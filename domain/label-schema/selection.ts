import { InvalidArgumentError } from '../errors/base.js';
import { framePrefix } from '../labels/index.js';
import type { FieldSelection, RunUnit } from '../run/run.js';
import type { LabelFilter } from '../view/label-filter.js';
import type { View } from '../view/view.js';
import type { TypedContext } from './context.js';
import { type Classes, classNames } from './resolve-classes.js';
import { takenGeometry } from './resolve-type.js';

/** The dataset's name of a field: in a view of frames, fields are named without their prefix. */
export const datasetField = (field: string, unit: RunUnit): string => (unit === 'frame' ? framePrefix + field : field);

/**
 * The labels of a field that the view holds, before classes and geometry narrow them: what the label schema's facts are
 * observed on. `field` is the dataset's name. Two filters on one field are refused (INVALID_ARGUMENT).
 */
export function selectionOfView(field: string, view: View | null): Pick<FieldSelection, 'filter' | 'listed'> {
  if (view?.patches !== undefined && view.patches !== field) return { filter: { ids: [] }, listed: true };
  const filters = (view?.labels ?? []).filter((part) => part.field === field).map(({ filter }) => filter);
  if (filters.length > 1) {
    throw new InvalidArgumentError(
      'view',
      `The view filters field "${field}" twice: put all conditions into one filter.`,
    );
  }
  const filter: LabelFilter | null = filters[0] ?? null;
  return { filter, listed: filter?.ids !== undefined };
}

/** Which labels of a field the run takes, and a warning for those of the view that it leaves out. */
export function resolveSelection(context: TypedContext, classes: Classes): FieldSelection {
  const { existing, type, dataset, field } = context;
  const all: FieldSelection = { classes: null, geometry: null, filter: null, listed: false };
  if (existing === null) return all;
  const fromView = selectionOfView(datasetField(field, dataset.unit), dataset.view);
  if (type === 'scalar' || type === 'segmentation') return { ...all, ...fromView };
  const selection = { ...fromView, classes: [...new Set(classNames(classes))], geometry: takenGeometry(type) };
  warnOfOthers(context, selection);
  return selection;
}

function warnOfOthers({ existing, field, type, warn, backend }: TypedContext, selection: FieldSelection): void {
  const counts = existing?.labels?.counts ?? [];
  const ofKind = counts.filter(({ geometry }) => selection.geometry === null || geometry === selection.geometry);
  const otherKind = sum(counts) - sum(ofKind);
  if (otherKind > 0) {
    warn(
      'LABELS_LEFT_OUT_BY_KIND',
      `${otherKind} labels of field "${field}" are no ${type}: they are not sent and stay as they are.`,
    );
  }
  const taken = new Set(selection.classes);
  const otherClass = ofKind.filter(({ label }) => label === null || !taken.has(label));
  if (otherClass.length > 0) {
    warn(
      'LABELS_LEFT_OUT_BY_CLASS',
      `${sum(otherClass)} labels of field "${field}" are of other classes (${someNames(otherClass)}): they are not sent and stay as they are.`,
    );
  }
  if (!backend.capabilities.existingLabels && sum(ofKind) > sum(otherClass)) {
    warn(
      'EXISTING_LABELS_NOT_SENT',
      `${backend.name} cannot be given labels that exist: those of field "${field}" stay at home.`,
    );
  }
}

const sum = (rows: readonly { readonly count: number }[]): number =>
  rows.reduce((total, { count }) => total + count, 0);

function someNames(rows: readonly { readonly label: string | null }[]): string {
  const names = [...new Set(rows.map(({ label }) => label ?? 'without a class'))];
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}
