import type { BackendDescriptor } from '../../backends/backend.js';
import { type BackendParameters, resolveBackendParameters } from '../../config/index.js';
import { UnknownParameterError } from '../../domain/errors/index.js';
import {
  checkRequest,
  type DatasetFacts,
  type LabelSchemaRequest,
  type ResolvedLabelSchema,
  resolveLabelSchema,
} from '../../domain/label-schema/index.js';
import type { Json, JsonObject } from '../../domain/labels/index.js';
import { taskSizeOf, type Warning } from '../../domain/run/index.js';
import type { View } from '../../domain/view/view.js';
import { gatherFacts } from '../../storage/field-facts.js';
import type { Dataset } from '../../storage/stores.js';
import type { AnnotationContext } from '../context.js';
import { checkAnnoKey } from './anno-key.js';
import { datasetNamed } from './find.js';
import { credentialsOf } from './parse-json.js';

/** What `annotate` and `planAnnotation` are asked: FiftyOne's arguments in camel case. */
export interface AnnotateRequest extends LabelSchemaRequest {
  /** Name of the dataset. */
  readonly dataset: string;
  readonly annoKey: string;
  /** Null or absent: the whole dataset. */
  readonly view?: View | null;
  /** Null or absent: the annotation config's default. */
  readonly backend?: string | null;
  /** Default false. */
  readonly launchEditor?: boolean;
  /** The backend's own parameters; secret ones among them are kept apart. */
  readonly parameters?: JsonObject | null;
  /** The backend's secrets. */
  readonly credentials?: Json;
  readonly idempotencyKey?: string | null;
}

/** A request that was found to be possible, with all that a run of it needs. */
export interface PreparedRun {
  readonly dataset: Dataset;
  readonly descriptor: BackendDescriptor;
  readonly backend: BackendParameters;
  readonly facts: DatasetFacts;
  readonly resolved: ResolvedLabelSchema;
  readonly mediaField: string;
  readonly mediaType: 'image' | 'video' | '3d' | 'point-cloud';
  /** Samples to a task at most. */
  readonly taskSize: number;
  /** Given with the call; to be stored encrypted. */
  readonly secrets: JsonObject;
  readonly warnings: readonly Warning[];
}

/**
 * Checks everything about a request that can be checked without the backend: key, dataset, view, backend, parameters,
 * label schema. Writes nothing. Throws typed errors that name what is wrong and what would be right.
 */
export async function prepareRun(context: AnnotationContext, request: AnnotateRequest): Promise<PreparedRun> {
  checkAnnoKey(request.annoKey);
  const dataset = await datasetNamed(context.storage, request.dataset);
  const { backend, descriptor, secrets } = await backendOf(context, request);
  const facts = await gatherFacts(context.storage, dataset, request.view ?? null, request);
  if (request.compatible !== true) checkRequest(request, facts);
  const resolved = resolveLabelSchema(request, facts, { name: backend.backend, ...descriptor });
  // A view that mixes kinds of media, or chooses no slice, does not get past the resolution.
  const mediaType = facts.mediaType as PreparedRun['mediaType'];
  return {
    dataset,
    descriptor,
    backend,
    facts,
    resolved,
    mediaField: request.mediaField ?? backend.mediaField,
    mediaType,
    taskSize: taskSizeOf({ mediaType, parameters: backend.publicParameters }),
    secrets,
    warnings: [...backend.warnings, ...resolved.warnings],
  };
}

async function backendOf(
  { registry, config }: AnnotationContext,
  request: AnnotateRequest,
): Promise<Pick<PreparedRun, 'backend' | 'descriptor' | 'secrets'>> {
  const effective = await config();
  const name = request.backend ?? effective.defaultBackend;
  const descriptor = await registry.descriptorOf(name);
  const callArguments = request.parameters ?? {};
  if (request.compatible !== true) checkParameters(name, callArguments, descriptor);
  const credentials = credentialsOf(request.credentials);
  const backend = resolveBackendParameters({
    config: effective,
    backend: name,
    callArguments,
    credentials,
    descriptor,
  });
  const secretArguments = Object.entries(callArguments).filter(([key]) => Object.hasOwn(backend.secrets, key));
  const given = Object.entries({ ...Object.fromEntries(secretArguments), ...credentials });
  return { backend, descriptor, secrets: Object.fromEntries(given.filter(([, value]) => value !== null)) };
}

/** FiftyOne swallows parameters that nobody knows; a misspelt one would then go unnoticed. */
function checkParameters(backend: string, given: JsonObject, { parameters }: BackendDescriptor): void {
  const known = parameters.map((parameter) => parameter.name);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UnknownParameterError(backend, unknown, known);
}
