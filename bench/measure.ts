import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a step took, measured in a process of its own. */
export interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Highest resident set of the process, in MB. */
  readonly peakRssMb: number;
}

/** Runs work and says what it took. The highest resident set is the process's, so each step has its own process. */
export async function measured(work: () => Promise<void>): Promise<Measured> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6, peakRssMb: Math.round(process.resourceUsage().maxRSS / 1_024) };
}

/** Runs a step in a process of its own and gives what it reports. */
export function inProcess<T>(step: string, options: unknown): Promise<T> {
  const child = fork(fileURLToPath(new URL('./step.js', import.meta.url)), [step, JSON.stringify(options)]);
  return new Promise((resolve, reject) => {
    let result: T | undefined;
    child.on('message', (message) => {
      result = message as T;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0 && result !== undefined) resolve(result);
      else reject(new Error(`step ${step} ended with code ${code}`));
    });
  });
}
