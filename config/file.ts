import { ConfigFileInvalidError } from '../domain/errors/index.js';
import type { Json, JsonObject } from '../domain/labels/index.js';
import type { Warning } from '../domain/run/index.js';

/** What the file says; null where it says nothing. */
export interface ConfigFile {
  readonly defaultBackend: string | null;
  readonly backends: Readonly<Record<string, JsonObject>>;
  readonly warnings: readonly Warning[];
}

/** Reads the text of the annotation config's file (null: there is none). Throws CONFIG_FILE_INVALID, naming the path. */
export function parseConfigFile(path: string, text: string | null): ConfigFile {
  if (text === null) return { defaultBackend: null, backends: {}, warnings: [] };
  const { default_backend: preset = null, backends = {}, ...others } = topLevel(path, text);
  if (preset !== null && typeof preset !== 'string') {
    throw new ConfigFileInvalidError(path, `"default_backend" is ${JSON.stringify(preset)}, expected a text`);
  }
  return {
    defaultBackend: preset,
    backends: declaredBackends(path, backends),
    warnings: Object.keys(others).map((key) => ({
      code: 'CONFIG_KEY_IGNORED',
      message: `"${key}" in ${path} means nothing: it is ignored. Expected default_backend and backends.`,
      field: null,
    })),
  };
}

function topLevel(path: string, text: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw new ConfigFileInvalidError(path, `it is not JSON (${(error as Error).message})`);
  }
  if (isMap(value)) return value;
  throw new ConfigFileInvalidError(path, 'it holds no map with default_backend and backends');
}

function declaredBackends(path: string, backends: Json): Readonly<Record<string, JsonObject>> {
  if (!isMap(backends)) {
    throw new ConfigFileInvalidError(path, `"backends" is ${JSON.stringify(backends)}, expected a map by name`);
  }
  for (const [name, parameters] of Object.entries(backends)) {
    if (!isMap(parameters)) throw new ConfigFileInvalidError(path, `backend "${name}" is no map of parameters`);
  }
  return backends as Record<string, JsonObject>;
}

export const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
