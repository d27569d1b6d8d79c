import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The version of this program, of its package.json: beside the sources, or one folder above the compiled ones. */
export const version: string = findVersion(dirname(fileURLToPath(import.meta.url)));

function findVersion(folder: string): string {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
  } catch {
    const parent = dirname(folder);
    return parent === folder ? 'unknown' : findVersion(parent);
  }
}
