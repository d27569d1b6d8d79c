import { Arg, Args, Ctx, Mutation, Resolver } from 'type-graphql';
import {
  ExportDatasetArgs,
  ImportDatasetArgs,
  ImportLabelsArgs,
  ImportMediaArgs,
  LabelEditInput,
} from '../../schema/inputs/work.js';
import { EditedLabels } from '../../schema/types/dataset.js';
import { OperationType } from '../../schema/types/operation.js';
import { deleteDataset, exportDataset, importDataset, importLabels, importMedia } from '../annotations/datasets.js';
import { editLabels } from '../annotations/edit-labels.js';
import type { RequestContext } from '../context.js';
import { viewOf } from './inputs.js';
import { operationShape } from './shapes.js';

@Resolver()
export class DatasetMutations {
  @Mutation(() => OperationType, {
    description:
      'Makes a dataset of a file. What is wrong with the file, the operation tells: MALFORMED_FILE, UNKNOWN_FORMAT, MEDIA_OUTSIDE_ROOTS, DATASET_EXISTS; nothing is left half-made.',
  })
  async importDataset(
    @Args(() => ImportDatasetArgs) args: ImportDatasetArgs,
    @Ctx() context: RequestContext,
  ): Promise<OperationType> {
    const { name = null, mediaRoot = null, options, ...rest } = args;
    return operationShape(await importDataset(context, { ...rest, name, mediaRoot, options: options ?? {} }));
  }

  @Mutation(() => OperationType, {
    description:
      'Adds images and videos to a dataset, which is made if it does not exist. Media stay where they are; those it has already are passed over. The operation tells: UNREADABLE_MEDIA, UNSUPPORTED_MEDIA, MEDIA_OUTSIDE_ROOTS.',
  })
  async importMedia(
    @Args(() => ImportMediaArgs) args: ImportMediaArgs,
    @Ctx() context: RequestContext,
  ): Promise<OperationType> {
    return operationShape(await importMedia(context, { ...args }));
  }

  @Mutation(() => OperationType, {
    description:
      'Merges the labels of a file into the samples of a dataset; samples that it does not have are counted and passed over. Errors: NOT_FOUND; the rest, the operation tells.',
  })
  async importLabels(
    @Args(() => ImportLabelsArgs) args: ImportLabelsArgs,
    @Ctx() context: RequestContext,
  ): Promise<OperationType> {
    const { field = null, mediaRoot = null, options, ...rest } = args;
    return operationShape(await importLabels(context, { ...rest, field, mediaRoot, options: options ?? {} }));
  }

  @Mutation(() => OperationType, {
    description:
      'Writes a dataset to a folder, as of the moment when the daemon begins. What the format cannot hold is reported in the result. Errors: NOT_FOUND, UNKNOWN_FIELD, VIEW_INVALID; the rest, the operation tells.',
  })
  async exportDataset(
    @Args(() => ExportDatasetArgs) args: ExportDatasetArgs,
    @Ctx() context: RequestContext,
  ): Promise<OperationType> {
    const { view, fields = null, mediaRoot = null, options, ...rest } = args;
    const request = { ...rest, view: viewOf(view), fields, mediaRoot, options: options ?? {} };
    return operationShape(await exportDataset(context, request));
  }

  @Mutation(() => OperationType, {
    description: 'Deletes a dataset with its samples, labels and runs. Media and remote work stay. Errors: NOT_FOUND.',
  })
  async deleteDataset(
    @Arg('name', () => String, { description: 'Its name.' }) name: string,
    @Ctx() context: RequestContext,
  ): Promise<OperationType> {
    return operationShape(await deleteDataset(context, name));
  }

  @Mutation(() => EditedLabels, {
    description:
      'Edits labels of one field, all edits or none, at most 1000 at once. What annotators change at the same time is a conflict at their load. Errors: NOT_FOUND, UNKNOWN_FIELD, LABEL_EDIT_INVALID.',
  })
  async editLabels(
    @Arg('dataset', () => String, { description: 'Name of the dataset.' }) dataset: string,
    @Arg('field', () => String, { description: 'Name of the field.' }) field: string,
    @Arg('edits', () => [LabelEditInput], { description: 'What to change, in this order.' }) edits: LabelEditInput[],
    @Ctx() context: RequestContext,
  ): Promise<EditedLabels> {
    return editLabels(context, dataset, field, edits);
  }
}
