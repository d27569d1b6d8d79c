import { ConfigClassMissingError, ConfigClassUnusableError } from '../domain/errors/index.js';

/** What a `config_cls` stands for: a backend that comes with us, or a module of somebody else's. */
export type BackendSource =
  | { readonly kind: 'built-in'; readonly name: string }
  | { readonly kind: 'module'; readonly module: string; readonly exportName: string };

/** FiftyOne's own class paths: configurations that were made for it name our built-ins. */
const fiftyOneClasses: Readonly<Record<string, string>> = {
  'fiftyone.utils.cvat.CVATBackendConfig': 'cvat',
  'fiftyone.utils.labelbox.LabelboxBackendConfig': 'labelbox',
  'fiftyone.utils.labelstudio.LabelStudioBackendConfig': 'labelstudio',
};

const pythonPath = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/;
const scriptEnding = /\.[cm]?[jt]s$/;

const example = '"./my-backend.js#myBackend" or "package#export"';

/**
 * Reads a `config_cls`: one of FiftyOne's three class paths, the name of a built-in, or `package-or-path#export`
 * (without `#export`: the default export). Throws a `ConfigClassMissingError` where there is none and the backend is no
 * built-in, a `ConfigClassUnusableError` for other Python classes and for anything else.
 */
export function readConfigClass(backend: string, configCls: unknown, builtIns: ReadonlySet<string>): BackendSource {
  if (configCls === undefined || configCls === null) {
    if (builtIns.has(backend)) return { kind: 'built-in', name: backend };
    throw new ConfigClassMissingError(backend);
  }
  const unusable = (problem: string) => new ConfigClassUnusableError(backend, configCls, problem);
  if (typeof configCls !== 'string') throw unusable(`it must be a text such as ${example}`);
  const name = fiftyOneClasses[configCls] ?? configCls;
  if (builtIns.has(name)) return { kind: 'built-in', name };
  if (pythonPath.test(configCls) && !scriptEnding.test(configCls))
    throw unusable(
      `that is a Python class, which cannot run here. Name a module that exports a descriptor: ${example}`,
    );
  const [module = '', exportName = ''] = configCls.split('#', 2);
  if (module === '') throw unusable(`it names no module. Expected is ${example}`);
  return { kind: 'module', module, exportName: exportName === '' ? 'default' : exportName };
}
