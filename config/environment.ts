import type { Json, JsonObject } from '../domain/labels/index.js';
import type { Warning } from '../domain/run/index.js';
import { builtInDefaults } from './built-ins.js';
import { parseValue } from './parse-value.js';
import { isSecretName } from './secrets.js';
import type { Environment, SecretNames } from './types.js';

export const pathVariable = 'FIFTYONE_ANNOTATION_CONFIG_PATH';
export const defaultBackendVariable = 'FIFTYONE_ANNOTATION_DEFAULT_BACKEND';
export const backendsVariable = 'FIFTYONE_ANNOTATION_BACKENDS';
const reserved: readonly string[] = [pathVariable, defaultBackendVariable, backendsVariable];

/** The backends that are exposed: those of the file and the built-ins, or exactly what the environment lists. */
export function exposedBackends(env: Environment, inFile: readonly string[]): readonly string[] {
  const list = env[backendsVariable];
  const builtIns = Object.keys(builtInDefaults);
  if (list === undefined) return [...new Set([...inFile, ...builtIns])];
  const names = list.split(',');
  return [...new Set(names.flatMap((name) => (name === '*' ? builtIns : [name])))];
}

/** FiftyOne takes listed names as they are, so a space makes another name; people should hear of it. */
export const listWarnings = (exposed: readonly string[]): readonly Warning[] =>
  exposed
    .filter((name) => name !== name.trim() || name === '')
    .map((name) => ({
      code: 'CONFIG_BACKEND_NAME_ODD',
      message: `${backendsVariable} lists a backend named "${name}". Write the names with commas and no spaces.`,
      field: null,
    }));

/**
 * Parameters that the environment sets: FIFTYONE_<BACKEND>_<PARAMETER>. A secret is taken as the text it is. Where the
 * names of two backends both fit a variable, it belongs to the longer; FiftyOne (`compatible`) reads numbers and lists
 * into secrets, and sets a variable on both.
 */
export function environmentParameters(
  env: Environment,
  exposed: readonly string[],
  options: { readonly secretNames: SecretNames; readonly compatible: boolean },
): ReadonlyMap<string, JsonObject> {
  const parameters = new Map<string, JsonObject>();
  for (const [variable, text] of Object.entries(env)) {
    if (text === undefined || (!options.compatible && reserved.includes(variable))) continue;
    for (const backend of owners(variable, exposed, options.compatible)) {
      const name = variable.slice(prefixOf(backend).length).toLowerCase();
      const own = parameters.get(backend) ?? {};
      own[name] = options.compatible
        ? parseValue(text)
        : textOrValue(text, name, new Set(options.secretNames(backend)));
      parameters.set(backend, own);
    }
  }
  return parameters;
}

const prefixOf = (backend: string): string => `FIFTYONE_${backend.toUpperCase()}_`;

function owners(variable: string, exposed: readonly string[], all: boolean): readonly string[] {
  const fitting = exposed.filter((name) => variable.startsWith(prefixOf(name)) && variable !== prefixOf(name));
  if (all || fitting.length < 2) return fitting;
  const longest = Math.max(...fitting.map(({ length }) => length));
  return fitting.filter(({ length }) => length === longest);
}

function textOrValue(text: string, name: string, secrets: ReadonlySet<string>): Json {
  if (!secrets.has(name) && !isSecretName(name)) return parseValue(text);
  return text === '' ? null : text;
}
