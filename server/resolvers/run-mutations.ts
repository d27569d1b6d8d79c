import { Arg, Args, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Json } from '../../domain/labels/index.js';
import { AnnotateOnceArgs, LoadArgs, RunArgs } from '../../schema/inputs/annotate.js';
import { IdempotentArgs } from '../../schema/inputs/work.js';
import { JsonScalar } from '../../schema/scalars.js';
import { Deleted } from '../../schema/types/dataset.js';
import { OperationType } from '../../schema/types/operation.js';
import { RunType } from '../../schema/types/run.js';
import { annotate } from '../annotations/annotate.js';
import { load } from '../annotations/load.js';
import { setRunCredentials } from '../annotations/run-credentials.js';
import {
  cancelRun,
  cleanupRun,
  type DeletedRuns,
  deleteRun,
  deleteRuns,
  renameRun,
  retryRun,
} from '../annotations/runs.js';
import type { RequestContext } from '../context.js';
import { annotateRequestOf, viewOf } from './inputs.js';
import { operationShape, runShape } from './shapes.js';

const credentials = {
  nullable: true,
  description: "The backend's secrets under its own names. Stored encrypted, never shown.",
};

@Resolver()
export class RunMutations {
  @Mutation(() => RunType, {
    description:
      'Sends samples out to be annotated. Everything that can be checked is checked now, and nothing is left behind by a request that fails; the samples and labels are frozen as of this moment, and the daemon takes it from here (watch `runEvents`). Errors name what is wrong and what would be right, e.g. UNSUPPORTED_LABEL_TYPE, CLASSES_REQUIRED, EMPTY_VIEW, UNKNOWN_BACKEND, BACKEND_NOT_AVAILABLE.',
  })
  async annotate(
    @Args(() => AnnotateOnceArgs) args: AnnotateOnceArgs,
    @Ctx() context: RequestContext,
  ): Promise<RunType> {
    return runShape(await annotate(context, annotateRequestOf(args)));
  }

  @Mutation(() => OperationType, {
    description:
      "Merges what came back into the dataset, by the run's edit rules. Answers with the operation; its `result` counts what was applied, unchanged, refused, conflicting and unexpected, and `findings` says why. May be repeated: only what changed is loaded again. Errors: NOT_FOUND, RUN_STATE (nothing was sent yet), INVALID_ARGUMENT, FIELD_TYPE_CONFLICT, EMPTY_VIEW.",
  })
  async loadAnnotations(@Args(() => LoadArgs) args: LoadArgs, @Ctx() context: RequestContext): Promise<OperationType> {
    return operationShape(await load(context, { ...args, view: viewOf(args.view) }));
  }

  @Mutation(() => OperationType, {
    description:
      'Deletes what the run created at its backend, and nothing else; labels stay. A run that is still being sent is cancelled. Errors: NOT_FOUND.',
  })
  async cleanupRun(
    @Args(() => RunArgs) name: RunArgs,
    @Arg('credentials', () => JsonScalar, credentials) secrets: Json | undefined,
    @Args(() => IdempotentArgs) { idempotencyKey }: IdempotentArgs,
    @Ctx() context: RequestContext,
  ): Promise<OperationType> {
    return operationShape(await cleanupRun(context, { ...name, credentials: secrets, idempotencyKey }));
  }

  @Mutation(() => RunType, {
    description:
      'Gives a run another key; what lies at the backend keeps its names. Errors: NOT_FOUND, INVALID_ANNO_KEY, ANNO_KEY_IN_USE.',
  })
  async renameRun(
    @Args(() => RunArgs) name: RunArgs,
    @Arg('newKey', () => String, { description: 'The key that it gets.' }) newKey: string,
    @Ctx() context: RequestContext,
  ): Promise<RunType> {
    return runShape(await renameRun(context, name, newKey));
  }

  @Mutation(() => RunType, {
    description:
      'Ends a run: nothing of it is sent or watched any more. What lies at the backend stays (see `cleanupRun`). Errors: NOT_FOUND, RUN_STATE.',
  })
  async cancelRun(@Args(() => RunArgs) name: RunArgs, @Ctx() context: RequestContext): Promise<RunType> {
    return runShape(await cancelRun(context, name));
  }

  @Mutation(() => RunType, {
    description: 'Starts a FAILED run again; what was sent already is found again. Errors: NOT_FOUND, RUN_STATE.',
  })
  async retryRun(@Args(() => RunArgs) name: RunArgs, @Ctx() context: RequestContext): Promise<RunType> {
    return runShape(await retryRun(context, name));
  }

  @Mutation(() => Deleted, {
    description:
      'Deletes the record of a run, with its findings. Neither labels nor remote work are deleted; the answer says what remains. Errors: NOT_FOUND, RUN_BUSY.',
  })
  async deleteRun(@Args(() => RunArgs) name: RunArgs, @Ctx() context: RequestContext): Promise<Deleted> {
    return deletedShape(await deleteRun(context, name));
  }

  @Mutation(() => Deleted, {
    description: 'Deletes the records of all runs of a dataset, all or none. As `deleteRun`.',
  })
  async deleteRuns(
    @Arg('dataset', () => String, { description: 'Name of the dataset.' }) dataset: string,
    @Ctx() context: RequestContext,
  ): Promise<Deleted> {
    return deletedShape(await deleteRuns(context, dataset));
  }

  @Mutation(() => RunType, {
    description: 'Stores credentials of a run; work that waits for them goes on. Errors: NOT_FOUND, INVALID_ARGUMENT.',
  })
  async setRunCredentials(
    @Args(() => RunArgs) name: RunArgs,
    @Arg('credentials', () => JsonScalar, { description: credentials.description }) secrets: Json,
    @Ctx() context: RequestContext,
  ): Promise<RunType> {
    return runShape(await setRunCredentials(context, name, secrets));
  }
}

const deletedShape = ({ annoKeys, remains }: DeletedRuns): Deleted => ({
  annoKeys: [...annoKeys],
  remains: [...remains],
  count: annoKeys.length,
});
