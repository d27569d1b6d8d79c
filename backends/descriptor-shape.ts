import { z } from 'zod';
import { labelTypes, scalarTypes } from '../domain/labels/index.js';
import type { BackendDescriptor } from './backend.js';

const json = z.json();
const verb = z.custom<(...given: never[]) => unknown>((value) => typeof value === 'function', 'must be a function');

const capabilities = z.looseObject({
  mediaTypes: z.array(z.enum(['image', 'video', '3d', 'point-cloud'])).nonempty(),
  labelTypes: z.array(z.enum(labelTypes)),
  scalarTypes: z.array(z.enum(scalarTypes)),
  attributeTypes: z.array(z.string()),
  attributeTypesWithValues: z.array(z.string()),
  keyframes: z.boolean(),
  clips: z.boolean(),
  videoSampleFields: z.boolean(),
  requiresLabelSchema: z.boolean(),
  existingLabels: z.boolean(),
  reviews: z.boolean(),
  webhooks: z.boolean(),
  tolerance: z.number().nonnegative(),
});

const parameter = z.looseObject({
  name: z.string().min(1),
  description: z.string(),
  default: json,
  secret: z.boolean(),
});

const descriptor = z.looseObject({
  capabilities,
  parameters: z.array(parameter),
  strictParameters: z.boolean().optional(),
  recommendAttribute: verb,
  checkLabelSchema: verb.optional(),
  toleranceFor: verb.optional(),
  load: verb.nullable(),
});

const adapter = z.looseObject({
  prepare: verb,
  upload: verb,
  changes: verb,
  download: verb,
  cleanup: verb,
  close: verb.optional(),
});

/** What is wrong with a value that should be a descriptor; empty when it is one. */
export const problemsOfDescriptor = (value: unknown): readonly string[] => problemsOf(descriptor, value);

/** What is wrong with a value that should be a backend's adapter; empty when it is one. */
export const problemsOfAdapter = (value: unknown): readonly string[] => problemsOf(adapter, methodsOf(value));

/** Whether a value has the shape of a descriptor. */
export const isDescriptor = (value: unknown): value is BackendDescriptor => problemsOfDescriptor(value).length === 0;

function problemsOf(shape: z.ZodType, value: unknown): string[] {
  const issues = shape.safeParse(value).error?.issues ?? [];
  return issues.map(({ path, message }) => (path.length === 0 ? message : `"${path.join('.')}": ${message}`));
}

/** An adapter is mostly an instance of a class, whose methods a check of own members would not see. */
function methodsOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { prepare, upload, changes, download, cleanup, close } = value as Record<string, unknown>;
  return { prepare, upload, changes, download, cleanup, close };
}
