import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import type { BackendDescriptor } from '../../backends/backend.js';
import { describeBackend, type Player } from '../../backends/conformance/index.js';
import { createRegistry } from '../../backends/registry.js';

const registry = createRegistry({
  declared: { tables: { config_cls: './csv-folder.js#csvFolder' } },
  baseFolder: join(import.meta.dirname, '../../examples/custom-backend'),
});
const descriptor: BackendDescriptor = await registry.descriptorOf('tables');
const player = (await import(join(import.meta.dirname, '../../examples/custom-backend/player.js'))) as {
  TablePlayer: new (folder: string) => Player;
};

/** The example as the registry hands it to the daemon. */
describeBackend(
  'custom example',
  {
    descriptor: {
      ...descriptor,
      load: async () => {
        const adapter = await registry.adapterOf('tables');
        return () => adapter;
      },
    },
    start: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'annogate-tables-'));
      return {
        parameters: { folder },
        playerOf: (work) => new player.TablePlayer(join(folder, work.plan.runId)),
        stop: () => rm(folder, { recursive: true, force: true }),
      };
    },
  },
  { describe, test },
);
