import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { NotFoundError } from '../../domain/errors/index.js';
import type { Operation } from '../../domain/run/index.js';
import { TaskStateEnum } from '../../schema/enums.js';
import { AnnotateArgs, RunArgs } from '../../schema/inputs/annotate.js';
import { RunFilterInput } from '../../schema/inputs/filters.js';
import { PageArgs } from '../../schema/inputs/page.js';
import type { ConnectionOf } from '../../schema/types/connection.js';
import { DatasetType } from '../../schema/types/dataset.js';
import {
  AnnotationPlan,
  RunConnection,
  RunResults,
  RunType,
  TaskConnection,
  type TaskType,
} from '../../schema/types/run.js';
import type { Storage } from '../../storage/stores.js';
import { datasetNamed, runNamed } from '../annotations/find.js';
import { planAnnotation } from '../annotations/plan.js';
import type { RequestContext } from '../context.js';
import { editorUrlOf } from './editor-url.js';
import { given } from './given.js';
import { annotateRequestOf } from './inputs.js';
import { connection, pageOf } from './pages.js';
import { datasetShape, operationShape, runShape, taskShape } from './shapes.js';

const newestLoads = 20;

@Resolver(() => RunType)
export class RunResolver {
  @Query(() => RunConnection, { description: 'Annotation runs, in the order in which they were made.' })
  async runs(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => RunFilterInput, { nullable: true, description: 'Which ones.' }) filter: RunFilterInput | null,
    @Ctx() { storage }: RequestContext,
  ): Promise<ConnectionOf<RunType>> {
    const { dataset, ...conditions } = given(filter ?? {});
    const of = dataset === undefined ? {} : { datasetId: (await datasetNamed(storage, dataset)).id };
    return connection(await storage.runs.list(pageOf(page), { ...conditions, ...of }), runShape);
  }

  @Query(() => RunType, { description: 'One annotation run. Unknown: NOT_FOUND.' })
  async run(@Args(() => RunArgs) { dataset, annoKey }: RunArgs, @Ctx() { storage }: RequestContext): Promise<RunType> {
    return runShape((await runNamed(storage, dataset, annoKey)).run);
  }

  @Query(() => Boolean, { description: 'Whether the dataset has a run of that key. Unknown dataset: NOT_FOUND.' })
  async hasRun(
    @Args(() => RunArgs) { dataset, annoKey }: RunArgs,
    @Ctx() { storage }: RequestContext,
  ): Promise<boolean> {
    return (await storage.runs.byKey((await datasetNamed(storage, dataset)).id, annoKey)) !== null;
  }

  @Query(() => String, {
    nullable: true,
    description:
      'Where to annotate a run, a task or a sample of it; null where the backend has no such address. Unknown: NOT_FOUND.',
  })
  async editorUrl(
    @Args(() => RunArgs) { dataset, annoKey }: RunArgs,
    @Arg('taskId', () => ID, { nullable: true, description: 'Of this task.' }) taskId: string | null,
    @Arg('sampleId', () => ID, { nullable: true, description: 'Of the task that this sample is in.' }) sampleId:
      | string
      | null,
    @Ctx() { storage }: RequestContext,
  ): Promise<string | null> {
    const { run } = await runNamed(storage, dataset, annoKey);
    return editorUrlOf(storage, run, { taskId, sampleId });
  }

  @Query(() => AnnotationPlan, {
    description:
      'What `annotate` would do with the same input, and whether it would be refused. Sends and stores nothing.',
  })
  async planAnnotation(
    @Args(() => AnnotateArgs) args: AnnotateArgs,
    @Ctx() context: RequestContext,
  ): Promise<AnnotationPlan> {
    const plan = await planAnnotation(context, annotateRequestOf(args));
    return { ...plan, fields: [...plan.fields] };
  }

  @FieldResolver(() => DatasetType, { description: 'The dataset that it is about.' })
  async dataset(@Root() { datasetId }: RunType, @Ctx() { loaders }: RequestContext): Promise<DatasetType> {
    const dataset = await loaders.dataset.load(datasetId);
    if (!dataset) throw new NotFoundError('dataset', String(datasetId));
    return datasetShape(dataset);
  }

  @FieldResolver(() => RunResults, { description: 'Its tasks by state, and what its loads did.' })
  async results(@Root() { id, taskCount }: RunType, @Ctx() { storage }: RequestContext): Promise<RunResults> {
    const counts = Object.entries(await storage.runs.taskCounts(id)).filter(([, count]) => count > 0);
    return {
      tasks: taskCount,
      taskStates: counts.map(([state, count]) => ({ state: state as keyof typeof TaskStateEnum, count })),
      loads: (await loadsOf(storage, id)).map(operationShape),
    };
  }

  @FieldResolver(() => TaskConnection, { description: 'Its tasks, in the order of its samples.' })
  async tasks(
    @Root() { id }: RunType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('states', () => [TaskStateEnum], { nullable: true, description: 'Only those in one of these states.' }) states:
      | string[]
      | null,
    @Ctx() { storage }: RequestContext,
  ): Promise<ConnectionOf<TaskType>> {
    return connection(await storage.runs.tasks(id, pageOf(page), states ? { states } : {}), taskShape);
  }
}

/** The newest loads of a run, newest first. */
async function loadsOf(storage: Storage, runId: string): Promise<Operation[]> {
  let loads: Operation[] = [];
  let after: string | null = null;
  do {
    const { items, hasMore } = await storage.operations.list({ first: 500, after }, { runId, kinds: ['LOAD'] });
    loads = [...loads, ...items.map(({ item }) => item)].slice(-newestLoads);
    after = hasMore ? (items.at(-1)?.cursor ?? null) : null;
  } while (after !== null);
  return loads.reverse();
}
