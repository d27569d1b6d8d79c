import { join } from 'node:path';
import { ConfigFileInvalidError } from '../domain/errors/index.js';
import type { JsonObject } from '../domain/labels/index.js';
import { alwaysThere, builtInDefaults } from './built-ins.js';
import {
  defaultBackendVariable,
  environmentParameters,
  exposedBackends,
  listWarnings,
  pathVariable,
} from './environment.js';
import { type ConfigFile, parseConfigFile } from './file.js';
import type { AnnotationConfig, Environment, SecretNames } from './types.js';

export interface ConfigSources {
  readonly env: Environment;
  /** The text of a file, or null where there is none. */
  readFile(path: string): Promise<string | null>;
  readonly homeDir: string;
  /** Default: secrets are told by their names. */
  readonly secretNames?: SecretNames;
  /** FiftyOne's behaviour exactly. Default false. */
  readonly compatible?: boolean;
}

/** Where the annotation config's file is: FIFTYONE_ANNOTATION_CONFIG_PATH, else in the home folder. */
export const configPath = (env: Environment, homeDir: string): string =>
  env[pathVariable] || join(homeDir, '.fiftyone', 'annotation_config.json');

/**
 * The annotation config of defaults, file and environment, each overruling the one before; `applyEdits` lays the
 * run-time edits on top. Throws CONFIG_FILE_INVALID for a file that cannot be used: the caller decides what then.
 */
export async function loadAnnotationConfig(sources: ConfigSources): Promise<AnnotationConfig> {
  const { env, secretNames = () => [], compatible = false } = sources;
  const file = await readConfigFile(sources);
  const exposed = exposedBackends(env, Object.keys(file.backends));
  const fromEnv = environmentParameters(env, exposed, { secretNames, compatible });
  const backends = Object.fromEntries(exposed.map((name) => [name, parametersOf(name, file, fromEnv.get(name))]));
  return {
    defaultBackend: chosenDefault(env[defaultBackendVariable] || file.defaultBackend || 'cvat', exposed),
    backends,
    warnings: [...file.warnings, ...listWarnings(exposed)],
  };
}

async function readConfigFile({ env, homeDir, readFile }: ConfigSources): Promise<ConfigFile> {
  const path = configPath(env, homeDir);
  const text = await readFile(path).catch((error: unknown) => {
    throw new ConfigFileInvalidError(
      path,
      `it cannot be read (${error instanceof Error ? error.message : String(error)})`,
    );
  });
  return parseConfigFile(path, text);
}

function parametersOf(name: string, file: ConfigFile, fromEnv: JsonObject | undefined): JsonObject {
  const own = (map: Readonly<Record<string, JsonObject>>): JsonObject =>
    (Object.hasOwn(map, name) ? map[name] : undefined) ?? {};
  return { ...own(builtInDefaults), ...own(file.backends), ...fromEnv };
}

/** A default that is not exposed gives way to the first name that is, as in FiftyOne. */
function chosenDefault(wanted: string, exposed: readonly string[]): string {
  if (exposed.includes(wanted) || alwaysThere.includes(wanted)) return wanted;
  return [...exposed].sort()[0] ?? wanted;
}
