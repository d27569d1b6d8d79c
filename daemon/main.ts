import { EventEmitter } from 'node:events';
import { SettingsInvalidError } from '../domain/errors/index.js';
import type { DaemonEvents } from './context.js';
import { logEvents, makeLog } from './log.js';
import { type DaemonSettings, readSettings } from './settings.js';
import { startDaemon } from './start.js';

/** Reads the settings, or ends the process with all that is wrong with them. */
function settingsOrExit(): DaemonSettings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsInvalidError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

const settings = settingsOrExit();
const log = makeLog(settings.logLevel);
const events = new EventEmitter<DaemonEvents>();
logEvents(events, log);
try {
  const daemon = await startDaemon(settings, { events });
  // A launcher that has a channel to us (`stdio: 'ipc'`) learns that we are there.
  process.send?.({ ready: true, healthPort: daemon.healthPort });
  process.on('SIGTERM', () => daemon.stop('SIGTERM'));
  process.on('SIGINT', () => daemon.stop('SIGINT'));
  await daemon.finished;
  process.disconnect?.();
} catch (error) {
  log.fatal({ err: error }, 'the daemon cannot go on');
  process.exitCode = 1;
}
