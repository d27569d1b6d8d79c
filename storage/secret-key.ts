import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InvalidSecretKeyError } from '../domain/errors/index.js';

/** 32 bytes, or the file that holds them as hex digits; it is made when it is missing. */
export type SecretKeySource = Uint8Array | { readonly file: string };

export interface SecretKey {
  readonly bytes: Uint8Array;
  /** Tells keys apart without telling anything about them. */
  readonly id: string;
}

/** INVALID_SECRET_KEY unless it has 32 bytes. */
export async function loadSecretKey(source: SecretKeySource): Promise<SecretKey> {
  const given = source instanceof Uint8Array;
  const bytes = given ? source : await keyOfFile(source.file);
  if (bytes.length !== 32) throw new InvalidSecretKeyError(given ? 'ANNOGATE_SECRET_KEY' : source.file, bytes.length);
  return { bytes, id: createHash('sha256').update(bytes).digest('hex').slice(0, 16) };
}

async function keyOfFile(file: string): Promise<Uint8Array> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) {
    await makeKeyFile(file);
    return keyOfFile(file);
  }
  const digits = text.trim();
  return /^[0-9a-f]{64}$/i.test(digits) ? Buffer.from(digits, 'hex') : Buffer.from(digits, 'base64');
}

/** Written whole under another name and then linked, so that two processes starting together end with one key. */
async function makeKeyFile(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
}
