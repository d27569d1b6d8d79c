import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface OtherProcess {
  readonly child: ChildProcess;
  /** Resolves when the process has said this; rejects when it ends without. */
  said(text: string): Promise<void>;
  /** Resolves when the process is gone. */
  readonly gone: Promise<number | null>;
}

/** Starts `database-process.ts` on a database. */
export function startOther(url: string, mode: 'hold' | 'count' | 'migrate', count = 0): OtherProcess {
  const file = fileURLToPath(new URL('./database-process.ts', import.meta.url));
  const child = fork(file, [url, mode, String(count)], { execArgv: ['--import', 'tsx'], stdio: 'inherit' });
  const heard: string[] = [];
  child.on('message', (text) => heard.push(String(text)));
  const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      if (heard.includes(text)) return resolve();
      child.on('message', (message) => message === text && resolve());
      void gone.then((code) => reject(new Error(`the other process ended with ${code} and never said "${text}"`)));
    });
  return { child, said, gone };
}
