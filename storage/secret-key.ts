import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InvalidSecretKeyError } from '../domain/errors/index.js';

/** The key itself (64 hex digits, or base64), or the file that holds it; the file is made when it is missing. */
export type SecretKeySource = { readonly text: string } | { readonly file: string };

export interface SecretKey {
  readonly bytes: Uint8Array;
  /** Tells keys apart without telling anything about them. */
  readonly id: string;
}

/** INVALID_SECRET_KEY unless it has 32 bytes. */
export async function loadSecretKey(source: SecretKeySource): Promise<SecretKey> {
  const bytes = keyOfText('text' in source ? source.text : await textOfFile(source.file));
  if (bytes.length !== 32)
    throw new InvalidSecretKeyError('text' in source ? 'ANNOGATE_SECRET_KEY' : source.file, bytes.length);
  return { bytes, id: createHash('sha256').update(bytes).digest('hex').slice(0, 16) };
}

function keyOfText(text: string): Uint8Array {
  const digits = text.trim();
  return Buffer.from(digits, /^[0-9a-f]{64}$/i.test(digits) ? 'hex' : 'base64');
}

async function textOfFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeKeyFile(file);
    return readFile(file, 'utf8');
  }
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
