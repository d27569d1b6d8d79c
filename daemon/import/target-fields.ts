import { SeveralLabelFieldsError } from '../../domain/errors/index.js';
import { type Field, framePrefix, isFrameField, labelClassOf } from '../../domain/labels/index.js';
import type { ImportLabelsRequest } from '../../domain/run/index.js';
import type { DatasetHeader } from '../../formats/format.js';

/**
 * Which field of the dataset takes the labels of each label field of a file. Where one field is asked for, the file must
 * have one; a field of frames stays one of frames. Throws SEVERAL_LABEL_FIELDS.
 */
export function targetFields(header: DatasetHeader, request: ImportLabelsRequest): ReadonlyMap<string, Field> {
  const given = header.fields.filter(({ type }) => labelClassOf(type) !== null);
  const { field } = request;
  if (field === null) return new Map(given.map((one) => [one.name, one]));
  if (given.length > 1)
    throw new SeveralLabelFieldsError(
      request.path,
      given.map(({ name }) => name),
    );
  return new Map(given.map((one) => [one.name, { ...one, name: targetName(one.name, field) }]));
}

const targetName = (given: string, wanted: string): string =>
  isFrameField(given) && !isFrameField(wanted) ? `${framePrefix}${wanted}` : wanted;
