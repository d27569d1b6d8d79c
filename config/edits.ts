import { ConfigEditInvalidError } from '../domain/errors/index.js';
import type { Json, JsonObject } from '../domain/labels/index.js';
import { isMap } from './file.js';
import type { AnnotationConfig, ConfigEdit } from './types.js';

/** The config with run-time edits laid on top, in their order. Throws CONFIG_EDIT_INVALID: check edits before keeping them. */
export const applyEdits = (config: AnnotationConfig, edits: readonly ConfigEdit[]): AnnotationConfig =>
  edits.reduce(applyEdit, config);

/** One edit. A backend or parameter that is not there yet is made; whether a backend exists is found out by a run. */
export function applyEdit(config: AnnotationConfig, { path, value }: ConfigEdit): AnnotationConfig {
  const [top, backend, ...rest] = path;
  if (top === 'default_backend' && backend === undefined) {
    if (typeof value !== 'string') throw new ConfigEditInvalidError(path, 'the default backend is a text');
    return { ...config, defaultBackend: value };
  }
  if (top !== 'backends' || backend === undefined) {
    throw new ConfigEditInvalidError(path, 'expected ["default_backend"] or ["backends", name, parameter]');
  }
  if (rest.length === 0 && !isMap(value)) throw new ConfigEditInvalidError(path, 'a backend is a map of parameters');
  const edited = edit(config.backends as JsonObject, [backend, ...rest], value, path);
  return { ...config, backends: edited as Record<string, JsonObject> };
}

function edit(map: JsonObject, names: readonly string[], value: Json, path: readonly string[]): JsonObject {
  const [name, ...rest] = names;
  if (name === undefined || name === '__proto__') throw new ConfigEditInvalidError(path, 'a name is not usable');
  if (rest.length === 0) return { ...map, [name]: value };
  const inner = Object.hasOwn(map, name) ? map[name] : undefined;
  if (inner !== undefined && inner !== null && !isMap(inner)) {
    throw new ConfigEditInvalidError(path, `"${name}" holds ${JSON.stringify(inner)}, which has no parts`);
  }
  return { ...map, [name]: edit(inner ?? {}, rest, value, path) };
}
