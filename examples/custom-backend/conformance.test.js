import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { describeBackend } from 'annogate/conformance';
import { csvFolder } from './csv-folder.js';
import { TablePlayer } from './player.js';

describeBackend(
  'csv-folder',
  {
    descriptor: csvFolder,
    async start() {
      const folder = await mkdtemp(join(tmpdir(), 'tables-'));
      return {
        parameters: { folder },
        playerOf: (work) => new TablePlayer(join(folder, work.plan.runId)),
        stop: () => rm(folder, { recursive: true, force: true }),
      };
    },
  },
  { describe, test },
);
