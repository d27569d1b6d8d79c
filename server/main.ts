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
const starting = startServer(settings);
// From the first moment on: who is told to stop while starting closes what is open by then.
const stop = (): void => {
  void starting.then((server) => server.close()).then(() => process.exit(0));
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
process.once('disconnect', stop); // a launcher that is gone
try {
  const { url, token } = await starting;
  if (token !== null && !process.send) {
    console.log(`Explorer: ${url}/#token=${token}\nToken, shown this once: ${token}`);
  }
  // A launcher that has a channel to us (`stdio: 'ipc'`) learns that we are there, and shows the token itself.
  process.send?.({ ready: true, url, token });
} catch (error) {
  createLog(settings.logLevel).fatal({ err: error }, 'the server cannot start');
  process.exit(1);
}
