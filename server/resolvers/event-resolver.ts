import { Arg, Args, Ctx, ID, Query, Resolver, Root, Subscription } from 'type-graphql';
import { InvalidArgumentError } from '../../domain/errors/index.js';
import { RunArgs } from '../../schema/inputs/annotate.js';
import { SafeIntScalar } from '../../schema/scalars.js';
import { EventPage, EventType } from '../../schema/types/event.js';
import type { Event } from '../../storage/stores.js';
import { operationNumbered } from '../annotations/end-operation.js';
import { datasetNamed, runNamed } from '../annotations/find.js';
import type { RequestContext } from '../context.js';
import { numberOf } from './inputs.js';
import { eventShape } from './shapes.js';

const mostEvents = 1_000;

const after = {
  nullable: true,
  description:
    'Events after this number, 0 for all that are kept, then live, in order and each once. Only new ones unless given. Older than what is kept: EVENTS_EXPIRED with the number to start from.',
} as const;

interface After {
  readonly after?: number | null;
}

interface Subscribing<A> {
  readonly args: A;
  readonly context: RequestContext;
}

@Resolver()
export class EventResolver {
  @Query(() => SafeIntScalar, {
    description: 'Number of the newest event. Read it before the state, then subscribe after it: nothing is missed.',
  })
  async latestEvent(@Ctx() { storage }: RequestContext): Promise<number> {
    return storage.events.latest();
  }

  @Query(() => EventPage, { description: 'Events in order. Older than what is kept: EVENTS_EXPIRED.' })
  async events(
    @Arg('after', () => SafeIntScalar, { defaultValue: 0, description: 'After this number.' }) from: number,
    @Arg('first', () => SafeIntScalar, { defaultValue: 100, description: `At most so many, 1 to ${mostEvents}.` })
    first: number,
    @Arg('dataset', () => String, { nullable: true, description: 'Only of this dataset.' }) dataset: string | null,
    @Ctx() { storage }: RequestContext,
  ): Promise<EventPage> {
    if (first < 1 || first > mostEvents)
      throw new InvalidArgumentError('first', `A page has 1 to ${mostEvents} events, not ${first}.`);
    const filter = dataset ? { datasetId: (await datasetNamed(storage, dataset)).id } : {};
    const events = await storage.events.read(from, first, filter);
    return {
      events: events.map(eventShape),
      next: events.at(-1)?.number ?? from,
      latest: await storage.events.latest(),
    };
  }

  @Subscription(() => EventType, {
    description: 'What happens to one run: its state, its tasks, its loads. Unknown: NOT_FOUND.',
    subscribe: async ({ args, context }: Subscribing<RunArgs & After>) => {
      const { run } = await runNamed(context.storage, args.dataset, args.annoKey);
      return context.pump.subscribe({ runId: run.id }, args.after ?? null);
    },
  })
  runEvents(
    @Root() event: Event,
    @Args(() => RunArgs) _run: RunArgs,
    @Arg('after', () => SafeIntScalar, after) _after: number | null,
  ): EventType {
    return eventShape(event);
  }

  @Subscription(() => EventType, {
    description: 'What happens to one dataset, its labels, runs and operations. Unknown: NOT_FOUND.',
    subscribe: async ({ args, context }: Subscribing<{ dataset: string } & After>) => {
      const { id: datasetId } = await datasetNamed(context.storage, args.dataset);
      return context.pump.subscribe({ datasetId }, args.after ?? null);
    },
  })
  datasetEvents(
    @Root() event: Event,
    @Arg('dataset', () => String, { description: 'Name of the dataset.' }) _dataset: string,
    @Arg('after', () => SafeIntScalar, after) _after: number | null,
  ): EventType {
    return eventShape(event);
  }

  @Subscription(() => EventType, {
    description: 'What happens to one operation: its state and progress. Unknown: NOT_FOUND.',
    subscribe: async ({ args, context }: Subscribing<{ id: string } & After>) => {
      const { id: operationId } = await operationNumbered(context, numberOf(args.id, 'id'));
      return context.pump.subscribe({ operationId }, args.after ?? null);
    },
  })
  operationEvents(
    @Root() event: Event,
    @Arg('id', () => ID, { description: 'Its number.' }) _id: string,
    @Arg('after', () => SafeIntScalar, after) _after: number | null,
  ): EventType {
    return eventShape(event);
  }
}
