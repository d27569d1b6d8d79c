import type { Json } from '../labels/index.js';

/** A filter on labels; all given conditions must hold. */
export interface LabelFilter {
  readonly ids?: readonly string[];
  readonly classes?: readonly string[];
  readonly tags?: readonly string[];
  readonly confidence?: { readonly atLeast?: number; readonly atMost?: number };
  readonly attributes?: Readonly<Record<string, Json>>;
}
