import { InvalidPayloadError } from '../../domain/errors/index.js';
import type { JsonObject } from '../../domain/labels/index.js';
import type { Lease, Operation, WorkError } from '../../domain/run/index.js';
import type { DaemonContext } from '../context.js';
import { eventOf, moveOperation } from '../moves.js';
import type { LoadProgress } from './load-page.js';
import { progressJson } from './load-page.js';
import type { LoadPlan } from './load-plan.js';
import type { Targets } from './targets.js';

/**
 * Ends a load after its last page. What came back broken was not taken: the rest is done, and the load ends as failed. Where unexpected labels could not be kept in the field they were meant for, they are
 * held and the load ends as failed, with the rest of it done. A clean-up that was asked for follows only a success.
 */
export async function finishLoad(
  context: DaemonContext,
  lease: Lease,
  plan: LoadPlan,
  operation: Operation,
  targets: Targets,
  progress: LoadProgress,
  tasks: number,
): Promise<void> {
  const { storage } = context;
  const error = errorOf(plan, targets, progress);
  const credentials = plan.request.cleanup ? await storage.secrets.get({ operationId: operation.id }) : {};
  context.crashPoint('load:before-finish');
  await storage.transaction(
    async (tx) => {
      const result = { ...resultOf(plan, progress, tasks), rules: await rulesOf(context, operation) };
      await moveOperation(storage, tx, operation, error === null ? 'SUCCEEDED' : 'FAILED', error, {
        result,
        progress: progressJson(progress),
        dueAt: null,
      });
      await storage.secrets.delete(tx, { operationId: operation.id });
      if (!plan.request.cleanup || error !== null) return;
      const cleanup = await storage.operations.create(tx, {
        kind: 'CLEANUP',
        datasetId: plan.datasetId,
        runId: plan.run.id,
        request: {},
      });
      await storage.secrets.put(tx, { operationId: cleanup.id }, credentials);
      tx.emit(
        eventOf('OPERATION_CREATED', {
          datasetId: plan.datasetId,
          runId: plan.run.id,
          operationId: cleanup.id,
          detail: { kind: 'CLEANUP' },
        }),
      );
    },
    { lease },
  );
  context.crashPoint('load:after-finish');
}

/** What a load that went through still has to say. */
function errorOf({ run }: LoadPlan, targets: Targets, { counts, malformed }: LoadProgress): WorkError | null {
  const [conflict] = targets.conflicts.values();
  const invalid = counts.invalid + malformed;
  const error = invalid > 0 ? new InvalidPayloadError(run.backend, invalid) : conflict;
  return error === undefined ? null : { code: error.code, message: error.message, retryable: false };
}

function resultOf(
  plan: LoadPlan,
  { counts, units, strangers, strangerExamples }: LoadProgress,
  tasks: number,
): JsonObject {
  return {
    tasks,
    units,
    counts: { ...counts },
    unknownUnits: strangers,
    unknownUnitExamples: [...strangerExamples],
    warnings: plan.warnings.map((warning) => ({ ...warning })),
  };
}

async function rulesOf({ storage }: DaemonContext, operation: Operation): Promise<JsonObject> {
  const rules = await storage.findings.countByRule({ operationId: operation.id });
  return Object.fromEntries(rules.map(({ rule, count }) => [rule, count]));
}
