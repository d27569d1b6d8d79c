import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The server and the daemon as two processes of their own. */
export interface Processes {
  /** Where the server listens, e.g. `http://127.0.0.1:4000`. */
  readonly url: string;
  /** The first token, where this start made it; it is shown once. */
  readonly token: string | null;
  /** Settles when one of the two ended without being told to. */
  readonly ended: Promise<string>;
  /** Tells both to stop and waits until they have. */
  stop(): Promise<void>;
}

interface Ready {
  readonly ready: true;
  readonly url?: string;
  readonly token?: string | null;
}

/** Starts both with this process's environment and `more`. Throws when one of them does not come up. */
export async function startProcesses(more: Readonly<Record<string, string>> = {}): Promise<Processes> {
  const env = { ...process.env, ...more };
  const server = new Child('server', env);
  const children = [server];
  try {
    const { url, token } = await server.ready;
    const daemon = new Child('daemon', env);
    children.push(daemon);
    await daemon.ready;
    const ended = Promise.race(
      children.map((child) => child.exited.then((code) => `the ${child.name} ended with code ${code}`)),
    );
    return { url: url ?? '', token: token ?? null, ended, stop: () => stopAll(children) };
  } catch (error) {
    await stopAll(children);
    throw error;
  }
}

const stopAll = async (children: readonly Child[]): Promise<void> => {
  await Promise.all([...children].reverse().map((child) => child.stop()));
};

class Child {
  readonly exited: Promise<number | null>;
  readonly ready: Promise<Ready>;
  private readonly process: ChildProcess;

  constructor(
    readonly name: 'server' | 'daemon',
    env: NodeJS.ProcessEnv,
  ) {
    this.process = fork(fileURLToPath(new URL(`../${name}/main.js`, import.meta.url)), [], {
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.exited = new Promise((resolve) => this.process.once('exit', resolve));
    this.ready = new Promise((resolve, reject) => {
      this.process.on('message', (message) => resolve(message as Ready));
      this.process.once('error', reject);
      this.exited.then((code) => reject(new Error(`the ${name} did not come up (code ${code})`)));
    });
    this.ready.catch(() => {});
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGTERM');
    await this.exited;
  }
}
