import type { Json, LabelType, MediaType, ScalarType } from '../labels/index.js';
import type { LabelSchema } from './types.js';

/** What the resolution of a label schema must know of a backend: the part of its descriptor that says what it can show. */
export interface BackendRules {
  /** As users name it. */
  readonly name: string;
  readonly capabilities: {
    readonly mediaTypes: readonly MediaType[];
    readonly labelTypes: readonly LabelType[];
    readonly scalarTypes: readonly ScalarType[];
    readonly attributeTypes: readonly string[];
    readonly attributeTypesWithValues: readonly string[];
    readonly keyframes: boolean;
    readonly clips: boolean;
    readonly videoSampleFields: boolean;
    readonly requiresLabelSchema: boolean;
    readonly existingLabels: boolean;
  };
  recommendAttribute(name: string, value: Json): { type: string; values?: Json[] };
  checkLabelSchema?(labelSchema: LabelSchema): readonly string[];
}
