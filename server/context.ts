import type { BackendRegistry } from '../backends/registry.js';
import type { AnnotationConfig } from '../config/index.js';
import type { Storage } from '../storage/stores.js';
import type { EventPump } from './event-pump.js';
import { type Loaders, makeLoaders } from './loaders.js';
import type { Logger } from './log.js';

/** What the annotation functions work with; also made by tests and the conformance runner, without a server. */
export interface AnnotationContext {
  readonly storage: Storage;
  readonly registry: BackendRegistry;
  /** The annotation config in effect, read anew: run-time edits count at once. */
  readonly config: () => Promise<AnnotationConfig>;
  /** Who asks; written beside what they make. Null where nobody is known. */
  readonly author: string | null;
}

/** What lives as long as the server. */
export interface ServerParts extends Omit<AnnotationContext, 'author'> {
  readonly pump: EventPump;
  readonly log: Logger;
}

/** What one operation of a client works with. */
export interface RequestContext extends ServerParts {
  readonly author: string;
  readonly loaders: Loaders;
}

/** Loaders remember what they read, so each operation gets its own. */
export const requestContext = (parts: ServerParts, author: string): RequestContext => ({
  ...parts,
  author,
  loaders: makeLoaders(parts.storage),
});
