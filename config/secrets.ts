import type { Json, JsonObject } from '../domain/labels/index.js';
import type { AnnotationConfig, SecretNames } from './types.js';

/** What a secret looks like from outside. */
export const mask = '********';

const secretWords = new Set([
  ...['password', 'passwd', 'pwd', 'passphrase', 'token', 'secret', 'secrets', 'credential', 'credentials'],
  ...['header', 'headers', 'cookie', 'cookies', 'authorization', 'auth', 'apikey'],
]);
const secretEnds = /(^|_)(api|access|private|secret|license)_?key$/;
const secretNames = new Set(['username', 'user', 'login', 'email']);

/** Whether a parameter is taken for a secret by its name alone. */
export function isSecretName(name: string): boolean {
  const plain = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
  return secretNames.has(plain) || secretEnds.test(plain) || plain.split('_').some((word) => secretWords.has(word));
}

/** The annotation config as FiftyOne writes it, with every secret masked: fit to be shown. */
export const maskSecrets = (config: AnnotationConfig, known: SecretNames = () => []): JsonObject => ({
  default_backend: config.defaultBackend,
  backends: Object.fromEntries(
    Object.entries(config.backends).map(([name, parameters]) => [name, maskObject(parameters, new Set(known(name)))]),
  ),
});

/** Parameters with every secret masked, however deep it lies. */
export const maskObject = (parameters: JsonObject, known: ReadonlySet<string> = new Set()): JsonObject =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value !== null && (known.has(name) || isSecretName(name)) ? mask : maskValue(value, known),
    ]),
  );

function maskValue(value: Json, known: ReadonlySet<string>): Json {
  if (typeof value === 'string') return value.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/@:]*:)[^/@]*@/i, `$1${mask}@`);
  if (Array.isArray(value)) return value.map((element) => maskValue(element, known));
  return typeof value === 'object' && value !== null ? maskObject(value, known) : value;
}
