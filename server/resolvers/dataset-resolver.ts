import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { DatasetFilterInput, LabelQueryInput, RunFilterInput, SampleFilterInput } from '../../schema/inputs/filters.js';
import { PageArgs } from '../../schema/inputs/page.js';
import { ViewInput } from '../../schema/inputs/view.js';
import { SafeIntScalar } from '../../schema/scalars.js';
import type { ConnectionOf } from '../../schema/types/connection.js';
import { ClassCount, DatasetConnection, DatasetStats, DatasetType, FieldType } from '../../schema/types/dataset.js';
import { RunConnection, type RunType } from '../../schema/types/run.js';
import { LabelConnection, type LabelType, SampleConnection, type SampleType } from '../../schema/types/sample.js';
import { datasetNamed, fieldOf } from '../annotations/find.js';
import type { RequestContext } from '../context.js';
import { given } from './given.js';
import { labelQueryOf, sampleFilterOf, viewOf } from './inputs.js';
import { connection, pageOf } from './pages.js';
import { datasetShape, fieldShape, foundLabelShape, runShape, sampleShape } from './shapes.js';

@Resolver(() => DatasetType)
export class DatasetResolver {
  @Query(() => DatasetConnection, { description: 'All datasets.' })
  async datasets(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => DatasetFilterInput, { nullable: true, description: 'Which ones.' })
    filter: DatasetFilterInput | null,
    @Ctx() { storage }: RequestContext,
  ): Promise<ConnectionOf<DatasetType>> {
    return connection(await storage.datasets.list(pageOf(page), given(filter ?? {})), datasetShape);
  }

  @Query(() => DatasetType, { description: 'One dataset. Unknown: NOT_FOUND.' })
  async dataset(
    @Arg('name', () => String, { description: 'Its name.' }) name: string,
    @Ctx() { storage }: RequestContext,
  ): Promise<DatasetType> {
    return datasetShape(await datasetNamed(storage, name));
  }

  @FieldResolver(() => [FieldType], { description: 'Its fields.' })
  async fields(@Root() { key }: DatasetType, @Ctx() { loaders }: RequestContext): Promise<FieldType[]> {
    return (await loaders.fields.load(key)).map(fieldShape);
  }

  @FieldResolver(() => DatasetStats, { description: 'Its size.' })
  async stats(@Root() { key }: DatasetType, @Ctx() { storage }: RequestContext): Promise<DatasetStats> {
    const { fields, ...stats } = await storage.datasets.stats(key);
    return { ...stats, fields: fields.map(({ field, labels }) => ({ field: field.name, type: field.type, labels })) };
  }

  @FieldResolver(() => SampleConnection, {
    description: 'Its samples. Of a view the samples, without its filters on labels.',
  })
  async samples(
    @Root() { key }: DatasetType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => SampleFilterInput, { nullable: true, description: 'Which ones.' })
    filter: SampleFilterInput | null,
    @Arg('view', () => ViewInput, { nullable: true, description: 'Only those of this view, in its order.' })
    input: ViewInput | null,
    @Ctx() { storage }: RequestContext,
  ): Promise<ConnectionOf<SampleType>> {
    const view = viewOf(input);
    const options = { filter: sampleFilterOf(filter), ...(view ? { view } : {}) };
    return connection(await storage.samples.list(key, pageOf(page), options), (sample) => sampleShape(sample));
  }

  @FieldResolver(() => SafeIntScalar, { description: 'Number of samples that pass.' })
  async countSamples(
    @Root() { key }: DatasetType,
    @Arg('filter', () => SampleFilterInput, { nullable: true, description: 'Which ones.' })
    filter: SampleFilterInput | null,
    @Arg('view', () => ViewInput, { nullable: true, description: 'Only those of this view.' }) input: ViewInput | null,
    @Ctx() { storage }: RequestContext,
  ): Promise<number> {
    const view = viewOf(input);
    return storage.samples.count(key, { filter: sampleFilterOf(filter), ...(view ? { view } : {}) });
  }

  @FieldResolver(() => LabelConnection, { description: 'Its labels.' })
  async labels(
    @Root() { key }: DatasetType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => LabelQueryInput, { nullable: true, description: 'Which ones.' })
    filter: LabelQueryInput | null,
    @Ctx() { storage }: RequestContext,
  ): Promise<ConnectionOf<LabelType>> {
    return connection(await storage.labels.list(key, labelQueryOf(filter), pageOf(page)), foundLabelShape);
  }

  @FieldResolver(() => SafeIntScalar, { description: 'Number of labels that pass.' })
  async countLabels(
    @Root() { key }: DatasetType,
    @Arg('filter', () => LabelQueryInput, { nullable: true, description: 'Which ones.' })
    filter: LabelQueryInput | null,
    @Ctx() { storage }: RequestContext,
  ): Promise<number> {
    return storage.labels.count(key, labelQueryOf(filter));
  }

  @FieldResolver(() => [String], {
    description: 'The classes that occur in a field, sorted. Unknown field: UNKNOWN_FIELD.',
  })
  async labelClasses(
    @Root() { key }: DatasetType,
    @Arg('field', () => String, { description: 'Name of the field.' }) field: string,
    @Ctx() { storage }: RequestContext,
  ): Promise<readonly string[]> {
    return storage.labels.classes(await fieldOf(storage, key, field));
  }

  @FieldResolver(() => [ClassCount], { description: 'Labels per class of a field. Unknown field: UNKNOWN_FIELD.' })
  async labelCounts(
    @Root() { key }: DatasetType,
    @Arg('field', () => String, { description: 'Name of the field.' }) field: string,
    @Ctx() { storage }: RequestContext,
  ): Promise<readonly ClassCount[]> {
    return storage.labels.countByClass(await fieldOf(storage, key, field));
  }

  @FieldResolver(() => RunConnection, { description: 'Its annotation runs, in the order in which they were made.' })
  async runs(
    @Root() { key }: DatasetType,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => RunFilterInput, {
      nullable: true,
      description: 'Which ones; its `dataset` does not matter here.',
    })
    filter: RunFilterInput | null,
    @Ctx() { storage }: RequestContext,
  ): Promise<ConnectionOf<RunType>> {
    const { dataset: _here, ...conditions } = given(filter ?? {});
    return connection(await storage.runs.list(pageOf(page), { ...conditions, datasetId: key }), runShape);
  }
}
