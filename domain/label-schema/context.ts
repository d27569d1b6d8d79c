import type { LabelType } from '../labels/index.js';
import type { Warning } from '../run/run.js';
import type { BackendRules } from './backend-rules.js';
import type { DatasetFacts, FieldFacts } from './facts.js';
import type { FieldDefinition } from './request.js';

/** What every step of the resolution of one field looks at. */
export interface FieldContext {
  readonly definition: FieldDefinition;
  readonly field: string;
  /** Null for a new field. */
  readonly existing: FieldFacts | null;
  readonly dataset: DatasetFacts;
  readonly backend: BackendRules;
  readonly compatible: boolean;
  warn(code: string, message: string): void;
}

/** The same once the type is known. */
export interface TypedContext extends FieldContext {
  readonly type: LabelType;
}

/** Collects warnings of one field. */
export const warner =
  (warnings: Warning[], field: string) =>
  (code: string, message: string): void => {
    warnings.push({ code, message, field });
  };
