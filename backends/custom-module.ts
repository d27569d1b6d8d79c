import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BackendModuleError } from '../domain/errors/index.js';
import type { BackendDescriptor } from './backend.js';
import { isDescriptor, problemsOfDescriptor } from './descriptor-shape.js';

/**
 * Imports the module of a custom backend and checks that the export is a descriptor. Paths that start with `.` are
 * relative to `baseFolder`; packages are looked for from there first, then from where we are installed.
 * Throws a `BackendModuleError` that names module, export and what is wrong.
 */
export async function importDescriptor(
  backend: string,
  source: { readonly module: string; readonly exportName: string },
  baseFolder: string,
): Promise<BackendDescriptor> {
  const { module, exportName } = source;
  const broken = (problem: string, cause?: unknown): BackendModuleError =>
    new BackendModuleError(backend, module, exportName, problem, { cause });
  const exported = await importModule(module, baseFolder).catch((error: unknown) => {
    throw broken(`it cannot be loaded: ${messageOf(error)}`, error);
  });
  if (!Object.hasOwn(exported, exportName))
    throw broken(`it exports only ${Object.keys(exported).join(', ') || 'nothing'}`);
  const value = exported[exportName];
  if (!isDescriptor(value)) throw broken(`that is no backend descriptor: ${problemsOfDescriptor(value).join('; ')}`);
  return value;
}

const importModule = async (module: string, baseFolder: string): Promise<Record<string, unknown>> =>
  (await import(addressOf(module, baseFolder))) as Record<string, unknown>;

function addressOf(module: string, baseFolder: string): string {
  if (module.startsWith('file:')) return module;
  if (module.startsWith('.') || isAbsolute(module)) return pathToFileURL(resolve(baseFolder, module)).href;
  try {
    return pathToFileURL(createRequire(join(resolve(baseFolder), 'base.js')).resolve(module)).href;
  } catch {
    return module;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
