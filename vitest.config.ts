import { defineConfig } from 'vitest/config';

export default defineConfig({
  // graphql 16 has no `exports` map: Node loads index.js while vite follows `module` to index.mjs.
  // Without this line there are two copies, and `instanceof GraphQLSchema` fails across them.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    pool: 'forks',
    include: ['test/**/*.test.ts'],
    exclude: ['test/peers/**'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
