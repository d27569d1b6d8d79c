export * from './backend-error.js';
export * from './base.js';
