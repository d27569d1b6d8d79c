import type { ReturnType } from '../../domain/labels/index.js';
import type { MergeRules, ScalarRules } from '../../domain/merge/types.js';
import type { Run, Warning } from '../../domain/run/index.js';
import type { LoadRequest } from '../../domain/run/requests.js';
import type { StoredField } from '../../storage/stores.js';
import type { RunField } from '../content/run-fields.js';
import type { Routes } from './routes.js';

/** Where one (field of the payload, return type) goes. */
export type Target = LabelTarget | ScalarTarget;

interface Common {
  /** The field of the label schema in the payload, and the type under which it comes. */
  readonly payloadField: string;
  readonly type: ReturnType;
  /** The field that was sent; null where nothing was (new fields, unexpected labels). */
  readonly source: RunField | null;
  /** Whether values stand on frames. */
  readonly frameLevel: boolean;
  /** Whether the load writes to another field than was sent. */
  readonly toOtherField: boolean;
  /** The field to write to. */
  readonly field: StoredField;
}

export interface LabelTarget extends Common {
  readonly kind: 'labels';
  readonly rules: MergeRules;
}

export interface ScalarTarget extends Common {
  readonly kind: 'scalar';
  readonly rules: ScalarRules;
}

/** What a load does, worked out before its first page. */
export interface LoadPlan {
  readonly run: Run;
  readonly request: LoadRequest;
  readonly operationId: number;
  readonly datasetId: number;
  readonly fields: readonly RunField[];
  /** By field of the run, the name of the dataset's field to write to. */
  readonly destinations: ReadonlyMap<string, string>;
  readonly routes: Routes;
  readonly warnings: readonly Warning[];
  readonly tolerance: number;
}
