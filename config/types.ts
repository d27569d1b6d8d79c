import type { Json, JsonObject } from '../domain/labels/index.js';
import type { Warning } from '../domain/run/index.js';

/** The annotation config in effect: which backends there are, and with what parameters. Holds secrets: see `maskSecrets`. */
export interface AnnotationConfig {
  /** The backend of runs that name none. Not checked to exist. */
  readonly defaultBackend: string;
  /** By name: parameters as users name them, `config_cls` among them. `folder` is there even when it is not listed. */
  readonly backends: Readonly<Record<string, JsonObject>>;
  /** What was read otherwise than it stands, e.g. names with spaces. `field` is null. */
  readonly warnings: readonly Warning[];
}

/** One run-time edit: the later of two on one path wins. */
export interface ConfigEdit {
  /** `["default_backend"]`, `["backends", name]` or `["backends", name, parameter, ...]`. */
  readonly path: readonly string[];
  readonly value: Json;
}

/** Names of secret parameters of a backend that are known for sure; others are told by their names. */
export type SecretNames = (backend: string) => Iterable<string>;

export type Environment = Readonly<Record<string, string | undefined>>;
