export type { ConformanceOptions, LabelKind, Place, Player, Promised, Scene, Stage, WorkKind } from './stage.js';
export { describeBackend, play, promisesOf, type TestRunner } from './suite.js';
export { Interrupted, type Shown, Work, type WorkPlan } from './work.js';
