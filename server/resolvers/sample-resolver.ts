import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { NotFoundError, UnknownFieldError } from '../../domain/errors/index.js';
import type { FieldValue, Label } from '../../domain/labels/index.js';
import { isSelected } from '../../domain/run/index.js';
import { FrameRangeInput } from '../../schema/inputs/filters.js';
import { FieldContent, LabelType, SampleType } from '../../schema/types/sample.js';
import type { StoredField } from '../../storage/stores.js';
import { datasetNamed } from '../annotations/find.js';
import type { RequestContext } from '../context.js';
import { type Loaders, listedKey } from '../loaders.js';
import { labelShape, type Reading, sampleShape } from './shapes.js';

@Resolver(() => SampleType)
export class SampleResolver {
  @Query(() => SampleType, { description: 'One sample of a dataset. Unknown: NOT_FOUND.' })
  async sample(
    @Arg('dataset', () => String, { description: 'Name of the dataset.' }) dataset: string,
    @Arg('id', () => ID, { description: 'Id of the sample.' }) id: string,
    @Ctx() { storage }: RequestContext,
  ): Promise<SampleType> {
    const { id: datasetId } = await datasetNamed(storage, dataset);
    const [sample] = await storage.samples.byHex(datasetId, [id]);
    if (!sample) throw new NotFoundError('sample', id);
    return sampleShape(sample);
  }

  @FieldResolver(() => [FieldContent], {
    description:
      'What its fields hold, by field and frame. Fields that are null there are left out. Unknown field: UNKNOWN_FIELD.',
  })
  async labels(
    @Root() sample: SampleType,
    @Arg('fields', () => [String], { nullable: true, description: 'Only these fields; all unless given.' }) names:
      | string[]
      | null,
    @Arg('frames', () => FrameRangeInput, {
      nullable: true,
      description: 'Only these frames of frame fields; all unless given.',
    })
    frames: FrameRangeInput | null,
    @Ctx() { loaders }: RequestContext,
  ): Promise<FieldContent[]> {
    const reading = sample.reading as Reading;
    const fields = fieldsToRead(await loaders.fields.load(sample.datasetId), names, reading);
    const contents = await Promise.all(fields.map((field) => contentOf(loaders, field, sample.key, reading)));
    return contents
      .flat()
      .filter(({ frame }) => frame === 0 || !frames || (frame >= frames.from && frame <= frames.to));
  }
}

@Resolver(() => LabelType)
export class LabelResolver {
  @FieldResolver(() => SampleType, { nullable: true, description: 'The sample that it is on.' })
  async sample(@Root() { sampleKey }: LabelType, @Ctx() { loaders }: RequestContext): Promise<SampleType | null> {
    const sample = await loaders.sample.load(sampleKey);
    return sample ? sampleShape(sample) : null;
  }
}

function fieldsToRead(
  fields: readonly StoredField[],
  names: string[] | null,
  reading: Reading,
): readonly StoredField[] {
  const ofRun = reading.run?.selection.fields ?? {};
  const readable = reading.onlyItsFields ? fields.filter(({ name }) => Object.hasOwn(ofRun, name)) : fields;
  if (!names) return readable;
  return names.map((name) => {
    const found = readable.find((field) => field.name === name);
    if (!found)
      throw new UnknownFieldError(
        name,
        readable.map((field) => field.name),
      );
    return found;
  });
}

async function contentOf(loaders: Loaders, field: StoredField, key: number, reading: Reading): Promise<FieldContent[]> {
  const values = await loaders.values(field, reading.asOf).load(key);
  const isMember = await memberTest(loaders, field, key, reading);
  return [...values].map(([frame, value]) => contentShape(field, key, frame, value, (label) => isMember(label, frame)));
}

type MemberTest = (label: Label, frame: number) => boolean;

/** Which labels of the field belong to the run through which the sample is read; all without one. */
async function memberTest(loaders: Loaders, field: StoredField, key: number, { run }: Reading): Promise<MemberTest> {
  const selection = run?.selection.fields[field.name];
  if (!run || !selection) return () => true;
  const listed = selection.listed ? await loaders.listed(run.id, field).load(key) : new Set<string>();
  return (label, frame) => isSelected(label, selection, (id) => listed.has(listedKey({ frame, id })));
}

const contentShape = (
  field: StoredField,
  sampleKey: number,
  frame: number,
  { labels, value }: FieldValue,
  isMember: (label: Label) => boolean,
): FieldContent => ({
  field: field.name,
  frame,
  labels: labels ? labels.filter(isMember).map((label) => labelShape(label, field, sampleKey, frame)) : null,
  value: value === null ? null : JSON.parse(value),
});
