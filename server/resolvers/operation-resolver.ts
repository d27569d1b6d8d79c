import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { InvalidArgumentError } from '../../domain/errors/index.js';
import { FindingFilterInput, HeldLabelFilterInput, OperationFilterInput } from '../../schema/inputs/filters.js';
import { PageArgs } from '../../schema/inputs/page.js';
import type { ConnectionOf } from '../../schema/types/connection.js';
import {
  FindingConnection,
  type FindingType,
  HeldLabelConnection,
  type HeldLabelType,
  OperationConnection,
  OperationType,
  RuleCount,
} from '../../schema/types/operation.js';
import { cancelOperation, operationNumbered, revertLoad } from '../annotations/end-operation.js';
import { datasetNamed } from '../annotations/find.js';
import type { RequestContext } from '../context.js';
import { given } from './given.js';
import { numberOf } from './inputs.js';
import { connection, pageOf } from './pages.js';
import { findingShape, heldLabelShape, operationShape } from './shapes.js';

@Resolver(() => OperationType)
export class OperationResolver {
  @Query(() => OperationConnection, { description: 'Operations, in the order in which they were asked for.' })
  async operations(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => OperationFilterInput, { nullable: true, description: 'Which ones.' })
    filter: OperationFilterInput | null,
    @Ctx() { storage }: RequestContext,
  ): Promise<ConnectionOf<OperationType>> {
    const { dataset, ...conditions } = given(filter ?? {});
    const of = dataset === undefined ? {} : { datasetId: (await datasetNamed(storage, dataset)).id };
    return connection(await storage.operations.list(pageOf(page), { ...conditions, ...of }), operationShape);
  }

  @Query(() => OperationType, { description: 'One operation. Unknown: NOT_FOUND.' })
  async operation(
    @Arg('id', () => ID, { description: 'Its number.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<OperationType> {
    return operationShape(await operationNumbered(context, numberOf(id, 'id')));
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Name of the dataset that it is about; null where there is none (any more).',
  })
  async dataset(@Root() { datasetId }: OperationType, @Ctx() { loaders }: RequestContext): Promise<string | null> {
    return datasetId === null ? null : ((await loaders.dataset.load(datasetId))?.name ?? null);
  }

  @Query(() => FindingConnection, {
    description: 'What loads refused, held or reported, in the order in which it was found. Give operationId or runId.',
  })
  async findings(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => FindingFilterInput, { description: 'Which ones.' }) filter: FindingFilterInput,
    @Ctx() { storage }: RequestContext,
  ): Promise<ConnectionOf<FindingType>> {
    const { operationId: _operation, runId: _run, ...conditions } = given(filter);
    return connection(await storage.findings.list(pageOf(page), { ...conditions, ...ownerOf(filter) }), findingShape);
  }

  @Query(() => [RuleCount], { description: 'Findings counted by rule. Give operationId or runId.' })
  async findingCounts(
    @Arg('operationId', () => ID, { nullable: true, description: 'Of this operation.' }) operationId: string | null,
    @Arg('runId', () => ID, { nullable: true, description: 'Of all loads of the run with this id.' }) runId:
      | string
      | null,
    @Ctx() { storage }: RequestContext,
  ): Promise<RuleCount[]> {
    return (await storage.findings.countByRule(ownerOf({ operationId, runId }))) as RuleCount[];
  }

  @Query(() => HeldLabelConnection, {
    description:
      'Returned labels that were stored instead of merged: of types that the label schema does not know. Give operationId or runId.',
  })
  async heldLabels(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => HeldLabelFilterInput, { description: 'Which ones.' }) filter: HeldLabelFilterInput,
    @Ctx() { storage }: RequestContext,
  ): Promise<ConnectionOf<HeldLabelType>> {
    const { operationId: _operation, runId: _run, ...conditions } = given(filter);
    return connection(await storage.findings.held(pageOf(page), { ...conditions, ...ownerOf(filter) }), heldLabelShape);
  }

  @Mutation(() => OperationType, {
    description:
      'Asks an operation to end at its next page. Imports take back what they added to a new dataset; what a load merged stays (see `revertLoad`). Errors: NOT_FOUND, OPERATION_OVER.',
  })
  async cancelOperation(
    @Arg('id', () => ID, { description: 'Its number.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<OperationType> {
    return operationShape(await cancelOperation(context, numberOf(id, 'id')));
  }

  @Mutation(() => OperationType, {
    description:
      'Takes back what a load changed. Labels that were changed since stay and are counted. Errors: NOT_FOUND, NOT_REVERTIBLE.',
  })
  async revertLoad(
    @Arg('id', () => ID, { description: 'Number of the load.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<OperationType> {
    return operationShape(await revertLoad(context, numberOf(id, 'id')));
  }
}

type Owner = { readonly operationId?: string | null; readonly runId?: string | null };

/** Findings are read by operation or run, which their indexes start with; never of everything. */
function ownerOf({ operationId, runId }: Owner): { operationId?: number; runId?: string } {
  if (!operationId && !runId) throw new InvalidArgumentError('operationId', 'Give operationId or runId.');
  return {
    ...(operationId ? { operationId: numberOf(operationId, 'operationId') } : {}),
    ...(runId ? { runId } : {}),
  };
}
