import type { LabelFilter } from './label-filter.js';

/**
 * A chosen, ordered subset of a dataset, as data. All conditions hold together. Labels that `labels` or `labelIds`
 * leave out are not part of the view (nor of a run made on it); samples stay unless `onlyMatching`.
 */
export interface View {
  /** Only these samples, in this order unless `sort` says otherwise. */
  readonly samples?: readonly string[];
  /** Only samples with at least one of these tags. */
  readonly tags?: readonly string[];
  /** Only samples whose path contains this text. */
  readonly pathContains?: string;
  /** Only samples whose scalar field equals the value, or that have any value (`exists`). */
  readonly where?: readonly FieldCondition[];
  /** Only these labels of a field. */
  readonly labels?: readonly {
    readonly field: string;
    readonly filter: LabelFilter;
    readonly onlyMatching?: boolean;
  }[];
  /** Group slices, e.g. "left". */
  readonly slices?: readonly string[];
  readonly sort?: { readonly by: 'ID' | 'PATH'; readonly descending?: boolean };
  readonly skip?: number;
  readonly limit?: number;
  /** The labels of this field as units: all samples that have some, only these labels. */
  readonly patches?: string;
  /** One unit per temporal detection of this field. */
  readonly clips?: string;
  /** One unit per video frame. Field names then carry no `frames.` prefix. */
  readonly frames?: boolean;
}

export interface FieldCondition {
  readonly field: string;
  readonly equals?: string | number | boolean;
  readonly exists?: boolean;
}
