export * from './backend-error.js';
export * from './base.js';
export * from './config-errors.js';
export * from './format-errors.js';
export * from './label-schema-errors.js';
export * from './merge-errors.js';
export * from './request-errors.js';
export * from './storage-errors.js';
