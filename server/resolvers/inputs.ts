import { InvalidArgumentError } from '../../domain/errors/index.js';
import type { LabelFilter } from '../../domain/run/index.js';
import type { FieldCondition, View } from '../../domain/view/view.js';
import type { AnnotateArgs } from '../../schema/inputs/annotate.js';
import type { LabelQueryInput, SampleFilterInput } from '../../schema/inputs/filters.js';
import type { FieldConditionInput, LabelFilterInput, ViewInput } from '../../schema/inputs/view.js';
import type { LabelQuery, SampleFilter } from '../../storage/stores.js';
import type { AnnotateRequest } from '../annotations/prepare.js';
import { given } from './given.js';

/** A view as the domain knows it; null where none was given, or one that says nothing. */
export function viewOf(input: ViewInput | null | undefined): View | null {
  if (!input) return null;
  const { where, labels, sort, ...rest } = given(input);
  const view: View = {
    ...rest,
    ...(where ? { where: where.map(conditionOf) } : {}),
    ...(labels
      ? { labels: labels.map((part) => ({ ...given(part), field: part.field, filter: labelFilterOf(part.filter) })) }
      : {}),
    ...(sort ? { sort: { ...given(sort), by: sort.by } } : {}),
  };
  return Object.keys(view).length === 0 ? null : view;
}

const labelFilterOf = (input: LabelFilterInput): LabelFilter => {
  const { confidence, ...rest } = given(input);
  return { ...rest, ...(confidence ? { confidence: given(confidence) } : {}) };
};

function conditionOf(input: FieldConditionInput): FieldCondition {
  const { equals, ...rest } = given(input);
  if (typeof equals === 'object') {
    throw new InvalidArgumentError(
      'view.where.equals',
      `"equals" of field "${input.field}" must be a text, number or boolean.`,
    );
  }
  return { ...rest, field: input.field, ...(equals === undefined ? {} : { equals }) };
}

export const sampleFilterOf = (input: SampleFilterInput | null | undefined): SampleFilter =>
  input ? given(input) : {};

export function labelQueryOf(input: LabelQueryInput | null | undefined): LabelQuery {
  const { type, confidence, ...rest } = given(input ?? {});
  return {
    ...rest,
    ...(type === undefined ? {} : { labelClass: type }),
    ...(confidence ? { confidence: given(confidence) } : {}),
  };
}

/** The arguments of `annotate` as its function takes them. */
export const annotateRequestOf = ({ view, ...args }: AnnotateArgs): AnnotateRequest => ({
  ...args,
  view: viewOf(view),
});

/** A number that travels as an ID. Throws INVALID_ARGUMENT for anything else. */
export function numberOf(id: string, argument: string): number {
  const number = Number(id);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError(argument, `"${id}" is no ${argument}: expected a whole number.`);
}
