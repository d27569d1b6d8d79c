/**
 * The named moments at which a chaos test may kill the daemon: before and after each remote call and each commit.
 * `ANNOGATE_CRASH_AT=<name>` kills the process there with SIGKILL; `<name>#3` the third time it comes by.
 */
export const crashPoints = [
  'prepare:before-plan',
  'prepare:after-plan',
  'prepare:before-remote',
  'prepare:after-remote',
  'prepare:after-commit',
  'checkpoint:before-commit',
  'checkpoint:after-commit',
  'upload:before-remote',
  'upload:after-remote',
  'upload:before-commit',
  'upload:after-commit',
  'watch:before-remote',
  'watch:after-remote',
  'watch:after-commit',
  'load:before-remote',
  'load:after-remote',
  'load:before-page-commit',
  'load:after-page-commit',
  'load:before-finish',
  'load:after-finish',
  'cleanup:before-remote',
  'cleanup:after-remote',
  'cleanup:after-commit',
  'import:after-dataset',
  'import:after-page',
  'import:before-finish',
  'import:after-finish',
  'export:before-finish',
  'export:after-finish',
  'revert:after-page',
  'delete-dataset:after-page',
  'work:before-finish',
  'work:after-finish',
] as const;

export type CrashPoint = (typeof crashPoints)[number];

/** Makes the function behind `DaemonContext.crashPoint`. Null: nothing ever happens. Throws a RangeError for an unknown name. */
export function crashPointFor(wanted: string | null): (name: CrashPoint) => void {
  if (wanted === null) return () => {};
  const [name, nth = '1'] = wanted.split('#');
  if (!(crashPoints as readonly string[]).includes(name ?? '')) throw new RangeError(`"${name}" is no crash point`);
  let left = Number(nth);
  return (reached) => {
    if (reached === name && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
