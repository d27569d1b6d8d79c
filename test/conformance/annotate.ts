import type { BackendDescriptor } from '../../backends/backend.js';
import { type LabelSchemaRequest, resolveLabelSchema } from '../../domain/label-schema/index.js';
import { gatherFacts } from '../../storage/field-facts.js';
import type { RunRecord } from '../../storage/stores.js';
import { type VectorView, viewOf } from '../support/vector-facts.js';
import { newHex } from './dataset.js';
import type { Stage } from './stage.js';
import type { VectorAnnotate } from './vectors.js';

const camelCase = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** Resolves a vector's request against the database and records the run, below the API's own stricter checks. */
export async function annotateVector(
  stage: Stage,
  datasetId: number,
  annotate: VectorAnnotate,
  descriptor: BackendDescriptor,
  compatible: boolean,
): Promise<RunRecord> {
  const { storage } = stage;
  const dataset = await storage.datasets.byId(datasetId);
  if (dataset === null) throw new Error('the vector has no dataset');
  const args = Object.fromEntries(Object.entries(annotate.args).map(([name, value]) => [camelCase(name), value]));
  const request = { ...args, compatible } as LabelSchemaRequest;
  const view = viewOf((annotate.view ?? null) as VectorView | null);
  const facts = await gatherFacts(storage, dataset, view, request);
  const resolved = resolveLabelSchema(request, facts, { name: 'mem', ...descriptor });
  return storage.transaction(async (tx) => {
    const run = await storage.runs.create(tx, {
      id: newHex(),
      datasetId,
      annoKey: 'run1',
      backend: 'mem',
      labelSchema: resolved.labelSchema,
      mediaField: 'filepath',
      mediaType: facts.mediaType as RunRecord['mediaType'],
      parameters: {},
      view,
      selection: { unit: facts.unit, fields: resolved.selection },
      warnings: [],
      launchEditor: false,
      author: null,
    });
    tx.emit({ kind: 'RUN_CREATED', datasetId, runId: run.id, detail: { annoKey: run.annoKey } });
    return run;
  });
}
