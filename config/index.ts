export { applyEdit, applyEdits } from './edits.js';
export { type ConfigSources, configPath, loadAnnotationConfig } from './load.js';
export { type BackendParameters, type ParameterRequest, resolveBackendParameters } from './parameters.js';
export { readTextFile } from './read-file.js';
export { isSecretName, mask, maskSecrets } from './secrets.js';
export type { AnnotationConfig, Environment, SecretNames } from './types.js';
