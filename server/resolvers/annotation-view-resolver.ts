import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { CursorInvalidError } from '../../domain/errors/index.js';
import { RunArgs } from '../../schema/inputs/annotate.js';
import { PageArgs } from '../../schema/inputs/page.js';
import { AnnotationViewType } from '../../schema/types/annotation-view.js';
import type { ConnectionOf } from '../../schema/types/connection.js';
import { SampleConnection, type SampleType } from '../../schema/types/sample.js';
import type { Paged, RunRecord, RunSample, Storage, StoredSample } from '../../storage/stores.js';
import { runNamed } from '../annotations/find.js';
import type { RequestContext } from '../context.js';
import { connection, pageOf } from './pages.js';
import { type Reading, sampleShape } from './shapes.js';

interface ReadingOfRun extends Reading {
  readonly run: RunRecord;
}

@Resolver(() => AnnotationViewType)
export class AnnotationViewResolver {
  @Query(() => AnnotationViewType, {
    description:
      'The samples and labels that a run took, as of the event at which it was frozen. Samples deleted since are left out. Unknown: NOT_FOUND.',
  })
  async loadAnnotationView(
    @Args(() => RunArgs) { dataset, annoKey }: RunArgs,
    @Arg('selectFields', () => Boolean, {
      defaultValue: false,
      description: 'Show only the fields that the run is about. Default: all, as they were then.',
    })
    selectFields: boolean,
    @Ctx() { storage }: RequestContext,
  ): Promise<AnnotationViewType> {
    const { run } = await runNamed(storage, dataset, annoKey);
    const { frozenAt, sampleCount, view, selection } = run;
    const reading: ReadingOfRun = { asOf: frozenAt, run, onlyItsFields: selectFields };
    return { reading, frozenAt, sampleCount, view, fields: Object.keys(selection.fields) };
  }

  @FieldResolver(() => SampleConnection, { description: 'Its samples in the order of the view.' })
  async samples(
    @Root() { reading }: AnnotationViewType,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { storage }: RequestContext,
  ): Promise<ConnectionOf<SampleType>> {
    const ofRun = reading as ReadingOfRun;
    return connection(await samplesOf(storage, ofRun.run, page), (sample) => sampleShape(sample, ofRun));
  }
}

/** The cursor is the sample's place in the run. */
async function samplesOf(storage: Storage, run: RunRecord, args: PageArgs): Promise<Paged<StoredSample>> {
  const { first, after } = pageOf(args);
  const place = after ? { afterPosition: positionOf(after) } : {};
  const members = await storage.runs.samples(run.id, { ...place, limit: first + 1 });
  const page = members.slice(0, first);
  const samples = new Map(
    (await storage.samples.byKeys(page.map(({ sampleKey }) => sampleKey))).map((s) => [s.key, s]),
  );
  return { items: page.flatMap((member) => itemOf(member, samples)), hasMore: members.length > first };
}

function itemOf({ sampleKey, position }: RunSample, samples: ReadonlyMap<number, StoredSample>) {
  const item = samples.get(sampleKey);
  return item ? [{ cursor: String(position), item }] : [];
}

function positionOf(cursor: string): number {
  const position = Number(cursor);
  if (!Number.isSafeInteger(position)) throw new CursorInvalidError(cursor);
  return position;
}
