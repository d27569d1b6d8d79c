import { advanceOperation } from './operations.js';
import { advanceRun } from './runs.js';
import { advanceTask } from './tasks.js';
import type { Advance } from './worker.js';

/** Moves a claimed piece of work one step on. */
export const advance: Advance = (context, lease, signal) => {
  switch (lease.item.kind) {
    case 'run':
      return advanceRun(context, lease, signal);
    case 'task':
      return advanceTask(context, lease, signal);
    case 'operation':
      return advanceOperation(context, lease, signal);
  }
};
