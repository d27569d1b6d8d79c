export { alwaysThere } from './built-ins.js';
export { applyEdit, applyEdits } from './edits.js';
export { type ConfigSources, configPath, loadAnnotationConfig } from './load.js';
export {
  type BackendParameters,
  backendNames,
  type ParameterRequest,
  type ParameterRules,
  resolveBackendParameters,
} from './parameters.js';
export { readTextFile } from './read-file.js';
export { isSecretName, mask, maskObject, maskSecrets } from './secrets.js';
export type { AnnotationConfig, ConfigEdit, Environment, SecretNames } from './types.js';
