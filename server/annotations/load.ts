import { EmptyViewError, RunStateError } from '../../domain/errors/index.js';
import type { Json } from '../../domain/labels/index.js';
import type { ConflictPolicy } from '../../domain/merge/types.js';
import { type LoadRequest, type Operation, requestJson, taskStates } from '../../domain/run/index.js';
import type { View } from '../../domain/view/view.js';
import type { RunRecord } from '../../storage/stores.js';
import type { AnnotationContext } from '../context.js';
import { runNamed } from './find.js';
import { destinationOf, tasksOf, unexpectedOf } from './load-request.js';
import { requestOperation } from './operations.js';
import { credentialsOf } from './parse-json.js';

/** What `loadAnnotations` is asked; absent and null mean the default. */
export interface LoadCall {
  /** Name of the dataset. */
  readonly dataset: string;
  readonly annoKey: string;
  /** A name, or {field: other field}. Default: the run's own fields. */
  readonly destField?: Json | undefined;
  /** Default `HOLD`. */
  readonly unexpected?: Json | undefined;
  /** Default `FINISHED`. */
  readonly tasks?: Json | undefined;
  readonly view?: View | null;
  readonly cleanup?: boolean;
  /** Default `HOLD`. */
  readonly policy?: ConflictPolicy;
  readonly compatible?: boolean;
  readonly credentials?: Json | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** Asks the daemon to merge what came back into the dataset. Throws NOT_FOUND, RUN_STATE, INVALID_ARGUMENT, EMPTY_VIEW. */
export async function load(context: AnnotationContext, call: LoadCall): Promise<Operation> {
  const { run } = await runNamed(context.storage, call.dataset, call.annoKey);
  if (!(await anythingSent(context, run)))
    throw new RunStateError(
      run.annoKey,
      run.state,
      'loaded',
      'Nothing of it was sent yet: wait until it is ANNOTATING.',
    );
  const secrets = credentialsOf(call.credentials);
  const request = requestJson(await loadRequestOf(context, run, call));
  const { datasetId, id: runId } = run;
  return requestOperation(context, {
    kind: 'LOAD',
    datasetId,
    runId,
    request,
    secrets,
    idempotencyKey: call.idempotencyKey,
  });
}

/** Whether some task has left the house; what failed before that has nothing to bring home. */
async function anythingSent({ storage }: AnnotationContext, run: RunRecord): Promise<boolean> {
  const { items } = await storage.runs.tasks(run.id, { first: 1 }, { states: sentStates });
  return items.length > 0;
}

const sentStates = taskStates.filter((state) => state !== 'PLANNED' && state !== 'FAILED');

async function loadRequestOf({ storage }: AnnotationContext, run: RunRecord, call: LoadCall): Promise<LoadRequest> {
  const view = call.view ?? null;
  if (view && (await storage.samples.count(run.datasetId, { view })) === 0) throw new EmptyViewError();
  return {
    destField: await destinationOf(storage, run, call.destField),
    unexpected: unexpectedOf(call.unexpected),
    tasks: await tasksOf(storage, run, call.tasks),
    view,
    cleanup: call.cleanup ?? false,
    policy: call.policy ?? 'HOLD',
    compatible: call.compatible ?? false,
  };
}
