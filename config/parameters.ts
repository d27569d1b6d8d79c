import { InvalidArgumentError, UnknownBackendError, UnknownParameterError } from '../domain/errors/index.js';
import type { Json, JsonObject } from '../domain/labels/index.js';
import type { Warning } from '../domain/run/index.js';
import { alwaysThere } from './built-ins.js';
import { isSecretName } from './secrets.js';
import type { AnnotationConfig } from './types.js';

/** The part of a backend's descriptor that says which parameters it has. */
export interface ParameterRules {
  readonly parameters: readonly { readonly name: string; readonly default: Json; readonly secret: boolean }[];
  readonly strictParameters?: boolean;
}

export interface ParameterRequest {
  readonly config: AnnotationConfig;
  /** Default: the config's default backend. */
  readonly backend?: string | null;
  /** Parameters of the call, by the backend's own names. They overrule the config, nulls included. */
  readonly callArguments?: JsonObject;
  /** Secrets given with the call: they overrule everything, except nulls, and never become public. */
  readonly credentials?: JsonObject;
  readonly descriptor: ParameterRules;
}

export interface BackendParameters {
  /** As the run names it. */
  readonly backend: string;
  /** As the config says; null where it says nothing. The registry knows what it stands for. */
  readonly configCls: string | null;
  readonly mediaField: string;
  /** Frozen into the run: every public parameter of the backend, defaults filled in, and unknown ones that were given. */
  readonly publicParameters: JsonObject;
  /** Every secret of the backend, null where there is none. Never stored with the run, never shown. */
  readonly secrets: JsonObject;
  readonly warnings: readonly Warning[];
}

/** Named in the config beside parameters, but not handed to the backend as such. */
const notParameters = new Set(['config_cls', 'media_field', 'name', 'label_schema']);

/**
 * The parameters of a run's backend: defaults, config, call. Unknown ones are kept with a warning, or refused where the
 * backend is strict; an unknown one whose name is a secret's is kept among the secrets.
 * Throws UNKNOWN_BACKEND, UNKNOWN_PARAMETER, INVALID_ARGUMENT.
 */
export function resolveBackendParameters(request: ParameterRequest): BackendParameters {
  const { config, callArguments = {} } = request;
  const backend = request.backend ?? config.defaultBackend;
  const given: JsonObject = { ...configuredParameters(config, backend), ...withoutConfigCls(callArguments) };
  const { parameters } = request.descriptor;
  const unknown = Object.keys(given).filter(
    (name) => !notParameters.has(name) && !parameters.some((known) => known.name === name),
  );
  if (request.descriptor.strictParameters === true) refuseUnknown(backend, unknown, parameters);
  return {
    backend,
    configCls: typeof given.config_cls === 'string' ? given.config_cls : null,
    mediaField: mediaFieldOf(given),
    publicParameters: {
      ...described(parameters, given, false),
      ...pick(
        given,
        unknown.filter((name) => !isSecretName(name)),
      ),
    },
    secrets: {
      ...described(parameters, given, true),
      ...pick(given, unknown.filter(isSecretName)),
      ...withoutNulls(request.credentials ?? {}),
    },
    warnings: unknown.map((name) => unknownWarning(backend, name)),
  };
}

/** Names in the config, and those that are always there. */
export const backendNames = (config: AnnotationConfig): readonly string[] => [
  ...new Set([...Object.keys(config.backends), ...alwaysThere]),
];

function configuredParameters(config: AnnotationConfig, backend: string): JsonObject {
  const own = Object.hasOwn(config.backends, backend) ? config.backends[backend] : undefined;
  if (own !== undefined) return own;
  if (alwaysThere.includes(backend)) return {};
  throw new UnknownBackendError(backend, backendNames(config));
}

/** A call must not choose what code runs here: that is for those who write the annotation config. */
function withoutConfigCls(callArguments: JsonObject): JsonObject {
  if (callArguments.config_cls === undefined) return callArguments;
  throw new InvalidArgumentError(
    'config_cls',
    'config_cls cannot be given with a call. Declare a backend with it in the annotation config and name that backend.',
  );
}

const described = (parameters: ParameterRules['parameters'], given: JsonObject, secret: boolean): JsonObject =>
  Object.fromEntries(
    parameters
      .filter((parameter) => parameter.secret === secret && !notParameters.has(parameter.name))
      .map(({ name, default: preset }) => [name, (Object.hasOwn(given, name) ? given[name] : preset) ?? null]),
  );

const pick = (given: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(names.map((name) => [name, given[name] ?? null]));

const withoutNulls = (values: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

function mediaFieldOf(given: JsonObject): string {
  const field = given.media_field ?? 'filepath';
  if (typeof field === 'string') return field;
  throw new InvalidArgumentError(
    'media_field',
    `The media field is ${JSON.stringify(field)}; expected the name of a text field.`,
  );
}

function refuseUnknown(backend: string, unknown: readonly string[], known: ParameterRules['parameters']): void {
  const [first] = unknown;
  if (first !== undefined)
    throw new UnknownParameterError(
      backend,
      first,
      known.map(({ name }) => name),
    );
}

const unknownWarning = (backend: string, name: string): Warning => ({
  code: 'UNKNOWN_PARAMETER',
  message: `Backend "${backend}" does not know the parameter "${name}": it is kept with the run and has no effect.`,
  field: null,
});
