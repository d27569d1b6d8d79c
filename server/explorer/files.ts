import { existsSync, readFileSync } from 'node:fs';
import type { OutgoingHttpHeaders } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ExplorerFile {
  readonly headers: OutgoingHttpHeaders;
  readonly content: Buffer;
}

const names = ['index.html', 'explorer.css', 'explorer.js', 'transport.js', 'docs.js', 'examples.js'] as const;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** Nothing but our own files is loaded, and nothing but our own API is called: the page works without internet. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const files = new Map(names.map((name) => [name === 'index.html' ? '/' : `/${name}`, read(name)]));

/** A file of the explorer page by its path on the server; null where there is none. */
export const explorerFile = (path: string): ExplorerFile | null => files.get(path) ?? null;

function read(name: string): ExplorerFile {
  return {
    headers: {
      'content-type': contentTypes[extname(name)],
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    },
    content: readFileSync(new URL(name, folder())),
  };
}

/** The compiler moves only our own code: from there the files are found beside the sources. */
function folder(): URL {
  const beside = new URL('./static/', import.meta.url);
  return existsSync(fileURLToPath(beside)) ? beside : new URL('../../../server/explorer/static/', import.meta.url);
}
