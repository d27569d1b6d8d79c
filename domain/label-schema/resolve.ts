import { LabelSchemaRefusedError, LabelSchemaRequiredError } from '../errors/label-schema-errors.js';
import { MediaFieldNotFoundError } from '../errors/request-errors.js';
import type { FieldSelection, Warning } from '../run/run.js';
import type { BackendRules } from './backend-rules.js';
import { checkUnits } from './check-units.js';
import { type FieldContext, type TypedContext, warner } from './context.js';
import type { DatasetFacts } from './facts.js';
import { classesOfTargets, resolveMaskTargets } from './mask-targets.js';
import { type FieldDefinition, fieldDefinitions, type LabelSchemaRequest } from './request.js';
import { resolveAttributes } from './resolve-attributes.js';
import { type Classes, resolveClasses } from './resolve-classes.js';
import { resolveFlags } from './resolve-flags.js';
import { resolveType } from './resolve-type.js';
import { datasetField, resolveSelection } from './selection.js';
import type { FieldLabelSchema, LabelSchema } from './types.js';

export interface ResolvedLabelSchema {
  readonly labelSchema: LabelSchema;
  /** Which labels each field gives to the run, by the dataset's name of the field; new fields give none. */
  readonly selection: Readonly<Record<string, FieldSelection>>;
  readonly warnings: readonly Warning[];
}

/**
 * Second phase: the complete label schema of a request. Pure: `facts` tell what `fieldsToInspect` asked for. Every error
 * is an AnnotationError with the field and what was possible instead; nothing is decided by halves.
 */
export function resolveLabelSchema(
  request: LabelSchemaRequest,
  facts: DatasetFacts,
  backend: BackendRules,
): ResolvedLabelSchema {
  checkUnits(facts, backend);
  if (request.compatible !== true) checkMediaField(request.mediaField ?? 'filepath', facts);
  const definitions = fieldDefinitions(request);
  if (definitions.length === 0) return ofBackendsOwn(backend);
  const warnings: Warning[] = [];
  const resolved = definitions.map((definition) => resolveField(request, definition, facts, backend, warnings));
  const labelSchema: LabelSchema = Object.fromEntries(resolved.map(({ field, schema }) => [field, schema]));
  if (request.compatible !== true) checkWithBackend(labelSchema, backend);
  const selection = resolved.map(({ field, selected }) => [datasetField(field, facts.unit), selected] as const);
  return { labelSchema, selection: Object.fromEntries(selection), warnings };
}

/** No field was named: the backend's project may bring its own label schema. */
function ofBackendsOwn(backend: BackendRules): ResolvedLabelSchema {
  if (backend.capabilities.requiresLabelSchema) throw new LabelSchemaRequiredError(backend.name);
  return { labelSchema: { '': {} }, selection: {}, warnings: [] };
}

function checkMediaField(mediaField: string, { mediaFields }: DatasetFacts): void {
  if (!mediaFields.includes(mediaField)) throw new MediaFieldNotFoundError(mediaField, mediaFields);
}

function checkWithBackend(labelSchema: LabelSchema, backend: BackendRules): void {
  const problems = backend.checkLabelSchema?.(labelSchema) ?? [];
  if (problems.length > 0) throw new LabelSchemaRefusedError(backend.name, problems);
}

function resolveField(
  { compatible = false }: LabelSchemaRequest,
  definition: FieldDefinition,
  dataset: DatasetFacts,
  backend: BackendRules,
  warnings: Warning[],
): { field: string; schema: FieldLabelSchema; selected: FieldSelection } {
  const { field } = definition;
  const existing = dataset.fields.get(field) ?? null;
  const warn = warner(warnings, field);
  const untyped: FieldContext = { definition, field, existing, dataset, backend, compatible, warn };
  const context: TypedContext = { ...untyped, type: resolveType(untyped) };
  const { classes, ...targets } = classesAndTargets(context);
  const schema: FieldLabelSchema = {
    type: context.type,
    classes,
    attributes: resolveAttributes(context, definition.attributes),
    ...targets,
    existing_field: existing !== null,
    ...resolveFlags(context),
  };
  return { field, schema, selected: resolveSelection(context, classes) };
}

function classesAndTargets(context: TypedContext): { classes: Classes; mask_targets?: Record<string, string> } {
  if (context.type !== 'segmentation') return { classes: resolveClasses(context) };
  const targets = resolveMaskTargets(context);
  return { classes: classesOfTargets(targets), mask_targets: { ...targets } };
}
