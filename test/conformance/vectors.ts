/** The shape of the vector files; see `test/fixtures/conformance/README.md`. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface VectorFile {
  readonly format: number;
  readonly vectors: readonly Vector[];
}

export type Vector = MergeVector | SchemaVector | ConfigVector | RunsVector;

interface Named {
  readonly name: string;
  readonly group: string;
  readonly description: string;
}

export interface VectorDataset {
  readonly media_type: string;
  readonly field_schema: Readonly<Record<string, string>>;
  readonly samples: readonly VectorSample[];
  readonly mask_targets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly default_mask_targets?: Readonly<Record<string, string>>;
  readonly declared_fields?: Readonly<Record<string, string>> | readonly string[];
  readonly group_media_types?: Readonly<Record<string, string>>;
}

export interface VectorSample {
  readonly id: string;
  readonly filepath: string;
  readonly fields: Readonly<Record<string, Json>>;
  readonly frames?: Readonly<Record<string, { readonly id: string; readonly fields: Readonly<Record<string, Json>> }>>;
  readonly group?: { readonly id: string; readonly name: string };
}

export interface VectorAnnotate {
  readonly args: JsonObject;
  readonly view?: JsonObject | null;
  readonly profile?: string;
  readonly capability_overrides?: JsonObject;
  readonly expect: {
    readonly label_schema?: JsonObject;
    readonly id_map?: JsonObject;
    readonly error?: ErrorKind;
    readonly run_registered?: boolean;
  };
}

export interface ErrorKind {
  readonly kind: string;
}

export interface LoadExpect {
  readonly dataset_after?: VectorDataset;
  readonly returned?: Json;
  readonly ignored?: Readonly<Record<string, number>>;
  readonly id_map?: JsonObject;
  readonly cleanup_called?: boolean;
  readonly error?: ErrorKind;
}

export interface VectorLoad {
  readonly between?: readonly JsonObject[] | null;
  readonly download: JsonObject;
  readonly options: { readonly dest_field: Json; readonly unexpected: Json; readonly cleanup: boolean };
  readonly expect: LoadExpect;
}

export interface MergeVector extends Named {
  readonly kind: 'merge';
  readonly dataset_before: VectorDataset;
  readonly annotate: VectorAnnotate;
  readonly loads?: readonly VectorLoad[];
}

export interface SchemaVector extends Named {
  readonly kind: 'schema';
  readonly dataset_before: VectorDataset;
  readonly annotate: VectorAnnotate;
}

export interface ConfigVector extends Named {
  readonly kind: 'config';
  readonly config_file: Json;
  readonly env: Readonly<Record<string, string>>;
  readonly runtime_edits: readonly { readonly path: readonly string[]; readonly value: Json }[];
  readonly run?: { readonly backend?: string; readonly kwargs?: JsonObject };
  readonly expect: JsonObject;
}

export interface RunsVector extends Named {
  readonly kind: 'runs';
  readonly dataset_before: VectorDataset;
  readonly steps: readonly RunStep[];
}

export interface RunStep {
  readonly op: string;
  readonly args: JsonObject;
  readonly view?: JsonObject;
  readonly upload_fails?: boolean;
  readonly result?: Json;
  readonly error?: ErrorKind;
  readonly keys_after: readonly string[];
  readonly cleanup_called?: boolean;
}

/** What a vector that deviates on purpose is expected to do instead. */
export type Deviations = Readonly<Record<string, { readonly reason: string; readonly expect: Json }>>;
