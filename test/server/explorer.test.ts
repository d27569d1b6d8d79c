import { buildASTSchema, parse, validate } from 'graphql';
import { describe, expect } from 'vitest';
import { printedSchema } from '../../server/print-schema.js';
import { test } from './gateway.js';

const paths = ['/', '/explorer.js', '/explorer.css', '/transport.js', '/docs.js', '/examples.js'];

interface Example {
  readonly title: string;
  readonly query: string;
}

describe('the explorer page', () => {
  test('comes whole from this server', async ({ gateway }) => {
    for (const path of paths) {
      const response = await fetch(gateway.server.url + path);
      expect([path, response.status]).toEqual([path, 200]);
      const text = await response.text();
      expect(text).not.toMatch(/https?:\/\//);
      for (const [, name] of text.matchAll(/(?:src|href|from)[= ]["'](\.?\/[^"']+)["']/g)) {
        expect(paths).toContain(name?.replace(/^\./, ''));
      }
    }
  });

  test('may load and call nothing else', async ({ gateway }) => {
    const policy = (await fetch(gateway.server.url)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  test('has only examples that the schema allows', async ({ gateway }) => {
    const text = await (await fetch(`${gateway.server.url}/examples.js`)).text();
    const { examples } = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as { examples: Example[] };
    expect(examples.length).toBeGreaterThan(5);
    const schema = buildASTSchema(parse(printedSchema()));
    for (const { title, query } of examples) expect([title, ...validate(schema, parse(query))]).toEqual([title]);
  });

  test('has no inline script or style, which its policy would block', async ({ gateway }) => {
    const html = await (await fetch(gateway.server.url)).text();
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*src=)/);
  });
});
