export * from './backend-rules.js';
export { checkRequest } from './check-request.js';
export * from './facts.js';
export { type FieldInspection, fieldsToInspect } from './inspect.js';
export { LabelObserver } from './label-observer.js';
export type { LabelSchemaRequest } from './request.js';
export { type ResolvedLabelSchema, resolveLabelSchema } from './resolve.js';
export { datasetField, selectionOfView } from './selection.js';
export * from './types.js';
