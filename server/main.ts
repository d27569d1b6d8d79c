import { SettingsInvalidError } from '../domain/errors/index.js';
import { createLog } from './log.js';
import { readSettings, type ServerSettings } from './settings.js';
import { startServer } from './start.js';

/** Reads the settings, or ends the process with all that is wrong with them. */
function settingsOrExit(): ServerSettings {
  try {
    return readSettings(process.env);
  } catch (error) {
    if (!(error instanceof SettingsInvalidError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

const settings = settingsOrExit();
try {
  const server = await startServer(settings);
  if (server.token !== null && !process.send) {
    console.log(`Explorer: ${server.url}/#token=${server.token}\nToken, shown this once: ${server.token}`);
  }
  // A launcher that has a channel to us (`stdio: 'ipc'`) learns that we are there, and shows the token itself.
  process.send?.({ ready: true, url: server.url, token: server.token });
  const stop = (): void => {
    void server.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  createLog(settings.logLevel).fatal({ err: error }, 'the server cannot start');
  process.exitCode = 1;
}
