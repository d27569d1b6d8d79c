import type { JsonObject } from '../domain/labels/index.js';
import { type Measured, measured } from './measure.js';
import { ask, type World, withDaemon } from './world.js';

/** The daemon's own load of a run, from the request to its end. */
export async function load(
  options: World & { readonly datasetId: number; readonly runId: string },
): Promise<Measured & { result: JsonObject | null }> {
  return withDaemon(options, async ({ context }) => {
    let result: JsonObject | null = null;
    const request = {
      destField: null,
      unexpected: 'HOLD',
      tasks: 'FINISHED',
      view: null,
      cleanup: false,
      policy: 'HOLD',
      compatible: false,
    };
    const took = await measured(async () => {
      result = (await ask(context.storage, 'LOAD', request, options)).result;
    });
    return { ...took, result };
  });
}
