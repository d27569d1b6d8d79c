import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { BackendDescriptor } from '../../backends/backend.js';
import { type AnnotationConfig, isSecretName, mask, maskSecrets } from '../../config/index.js';
import { AnnotationError } from '../../domain/errors/index.js';
import { canonicalJson, type Json, type JsonObject } from '../../domain/labels/index.js';
import { JsonScalar } from '../../schema/scalars.js';
import { AnnotationConfigType, BackendType, ConfigEdit, type SeenConfig } from '../../schema/types/backend.js';
import { secretNamesOf } from '../annotation-config.js';
import { setConfig, unsetConfig } from '../annotations/config-edits.js';
import type { RequestContext } from '../context.js';

/** A daemon that has not said for so long that it is alive is not one. Milliseconds. */
const aliveFor = 60_000;

@Resolver()
export class BackendResolver {
  @Query(() => [BackendType], {
    description: 'The backends that can be named, with what they can do and their parameters. None is contacted.',
  })
  async backends(@Ctx() { registry, config }: RequestContext): Promise<BackendType[]> {
    const effective = await config();
    return Promise.all((await registry.names()).map((name) => backendNamed(name, effective, registry)));
  }

  @Query(() => AnnotationConfigType, {
    description: 'The annotation config in effect, secrets masked, and what daemons see where that differs.',
  })
  async annotationConfig(@Ctx() context: RequestContext): Promise<AnnotationConfigType> {
    return shownConfig(context);
  }

  @Mutation(() => AnnotationConfigType, {
    description:
      'Edits the annotation config for all processes at once; it overrules environment and file until `unsetConfig`. Runs that exist keep their parameters. Errors: CONFIG_EDIT_INVALID.',
  })
  async setConfig(
    @Arg('path', () => [String], {
      description: 'Where: ["default_backend"], ["backends", name] or ["backends", name, parameter].',
    })
    path: string[],
    @Arg('value', () => JsonScalar, {
      nullable: true,
      description: 'The value; null erases one from file or environment.',
    })
    value: Json | undefined,
    @Ctx() context: RequestContext,
  ): Promise<AnnotationConfigType> {
    await setConfig(context, path, value ?? null);
    return shownConfig(context);
  }

  @Mutation(() => AnnotationConfigType, { description: 'Takes an edit of the annotation config back.' })
  async unsetConfig(
    @Arg('path', () => [String], { description: 'The path that was edited.' }) path: string[],
    @Ctx() context: RequestContext,
  ): Promise<AnnotationConfigType> {
    await unsetConfig(context, path);
    return shownConfig(context);
  }
}

async function backendNamed(
  name: string,
  config: AnnotationConfig,
  registry: RequestContext['registry'],
): Promise<BackendType> {
  const common = { name, isDefault: name === config.defaultBackend, configured: Object.hasOwn(config.backends, name) };
  try {
    const descriptor = await registry.descriptorOf(name);
    const available = descriptor.load !== null;
    const problem = available ? null : 'This version cannot send work there yet; label schemas for it can be checked.';
    return { ...common, ...described(descriptor), available, problem };
  } catch (error) {
    if (!(error instanceof AnnotationError)) throw error;
    return { ...common, available: false, problem: error.message, capabilities: null, parameters: [] };
  }
}

const described = ({
  capabilities,
  parameters,
}: BackendDescriptor): Pick<BackendType, 'capabilities' | 'parameters'> => ({
  capabilities,
  parameters,
});

async function shownConfig({ storage, registry, config }: RequestContext): Promise<AnnotationConfigType> {
  const secretNames = await secretNamesOf(registry);
  const shown = maskSecrets(await config(), secretNames);
  const edits = (await storage.configEdits.list()).map((edit) => maskedEdit(edit, secretNames));
  return {
    defaultBackend: shown.default_backend as string,
    backends: shown.backends as JsonObject,
    edits,
    seenByDaemons: await otherConfigs(storage, shown),
  };
}

type SecretNamesOf = Awaited<ReturnType<typeof secretNamesOf>>;

/** Masked as it would be in the config: by the name of the parameter that it lies in. */
function maskedEdit({ path, value }: { path: readonly string[]; value: Json }, secretNames: SecretNamesOf): ConfigEdit {
  const [, backend, ...names] = path;
  const secrets = new Set(backend === undefined ? [] : secretNames(backend));
  if (names.some((name) => secrets.has(name) || isSecretName(name)))
    return { path, value: value === null ? null : mask };
  const nested = names.reduceRight<Json>((inner, name) => ({ [name]: inner }), value);
  if (backend === undefined || typeof nested !== 'object' || nested === null || Array.isArray(nested))
    return { path, value };
  const config: AnnotationConfig = { defaultBackend: '', backends: { [backend]: nested }, warnings: [] };
  const masked = (maskSecrets(config, secretNames).backends as JsonObject)[backend] as Json;
  return { path, value: names.reduce<Json>((inner, name) => (inner as JsonObject)[name] as Json, masked) };
}

async function otherConfigs(storage: RequestContext['storage'], ours: JsonObject): Promise<SeenConfig[]> {
  const processes = await storage.processes.list();
  const text = canonicalJson(ours);
  return processes
    .filter(({ role, seenAt }) => role === 'daemon' && seenAt > Date.now() - aliveFor)
    .map(({ id, seenAt, detail }) => ({ process: id, seenAt, config: (detail.config ?? {}) as JsonObject }))
    .filter(({ config }) => canonicalJson(config) !== text);
}
