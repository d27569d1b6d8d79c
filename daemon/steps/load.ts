export { loadOperation } from '../load/load-operation.js';
