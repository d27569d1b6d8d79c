import type { FieldLabelSchema } from '../../domain/label-schema/types.js';
import { framePrefix, isFrameField, type LabelClass, labelClassOf } from '../../domain/labels/index.js';
import type { FieldSelection, Run } from '../../domain/run/index.js';
import type { Storage, StoredField } from '../../storage/stores.js';

/** One field of a run's label schema, with what the dataset has of it. */
export interface RunField {
  /** Its name in the label schema; "" for "no field". */
  readonly name: string;
  readonly schema: FieldLabelSchema;
  /** Its name in the dataset: in a frames view the schema leaves out the prefix `frames.`. */
  readonly storedName: string;
  /** Null while the dataset has no such field. */
  readonly stored: StoredField | null;
  readonly labelClass: LabelClass | null;
  readonly scalar: boolean;
  /** Whether values stand on frames. */
  readonly frameLevel: boolean;
  /** What the run takes of it; null where nothing was sent (new fields). */
  readonly selection: FieldSelection | null;
}

/** The fields of a run, in the order of its label schema. */
export async function runFields(storage: Storage, run: Run): Promise<readonly RunField[]> {
  const stored = new Map((await storage.datasets.fields(run.datasetId)).map((field) => [field.name, field]));
  return Object.entries(run.labelSchema).map(([name, schema]) => {
    const storedName = storedNameOf(run, name);
    const field = stored.get(storedName) ?? null;
    return {
      name,
      schema,
      storedName,
      stored: field,
      labelClass: field === null ? null : labelClassOf(field.type),
      scalar: schema.type === 'scalar',
      frameLevel: isFrameField(storedName),
      selection: run.selection.fields[storedName] ?? run.selection.fields[name] ?? null,
    };
  });
}

/** The dataset's name of a field that the run names `name`. */
export const storedNameOf = (run: Run, name: string): string =>
  run.selection.unit === 'frame' && name !== '' && !isFrameField(name) ? `${framePrefix}${name}` : name;
