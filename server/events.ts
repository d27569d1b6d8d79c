import type { EventKind } from '../domain/run/index.js';
import type { NewEvent } from '../storage/stores.js';

/** An event of a known kind. */
export const eventOf = (kind: EventKind, about: Omit<NewEvent, 'kind'>): NewEvent => ({ kind, ...about });
