export * from './canonical-json.js';
export * from './field.js';
export * from './kinds.js';
export * from './label.js';
export * from './mask.js';
export * from './sample.js';
