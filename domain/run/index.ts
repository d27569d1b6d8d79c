export * from './retry.js';
export * from './run.js';
export * from './states.js';
