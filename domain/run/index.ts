export type { LabelFilter } from '../view/label-filter.js';
export * from './events.js';
export * from './membership.js';
export * from './requests.js';
export * from './retry.js';
export * from './run.js';
export * from './sent-label.js';
export * from './states.js';
export * from './task-size.js';
