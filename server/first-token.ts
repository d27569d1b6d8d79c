import { randomBytes } from 'node:crypto';
import type { Storage } from '../storage/stores.js';

/**
 * Makes and stores the first token where there is none yet: 32 random bytes. Only its hash is kept, so this is the one
 * chance to show it. Returns null where there are tokens already.
 */
export async function ensureFirstToken(storage: Storage): Promise<string | null> {
  if (!(await storage.tokens.isEmpty())) return null;
  const token = randomBytes(32).toString('base64url');
  await storage.transaction((tx) => storage.tokens.add(tx, 'first', token));
  return token;
}
