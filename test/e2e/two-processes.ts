import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server or daemon in a process of its own, from the sources. */
export class OwnProcess {
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;
  private output = '';

  constructor(
    readonly name: 'server' | 'daemon',
    env: Readonly<Record<string, string>>,
  ) {
    const main = fileURLToPath(new URL(`../../${name}/main.ts`, import.meta.url));
    this.child = fork(main, [], {
      env: { PATH: process.env.PATH, ...env },
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (text) => {
        this.output += text;
      });
    this.ended = once(this.child, 'exit').then(([code]) => code as number | null);
  }

  /** What the process says when it is up. Throws with its log when it ends before. */
  async ready(): Promise<{ readonly url?: string; readonly token?: string | null }> {
    const message = await Promise.race([once(this.child, 'message'), this.ended]);
    if (Array.isArray(message)) return message[0] as { url?: string; token?: string | null };
    throw new Error(`the ${this.name} ended with code ${message}:\n${this.output}`);
  }

  /** Tells it to stop; answers with its exit code. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  /** Ends it at once, for tests that failed. */
  kill(): void {
    this.child.kill('SIGKILL');
  }
}
