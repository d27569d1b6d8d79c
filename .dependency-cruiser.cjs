const only = (folder, ...allowed) => ({
  name: `${folder} reaches only ${[folder, ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: `^${folder}/` },
  to: {
    path: '^(backends|bench|cli|config|daemon|domain|formats|migrations|schema|server|storage|test)/',
    pathNot: `^(${[folder, ...allowed].join('|')})/`,
  },
});
const never = (name, from, to) => ({ name, severity: 'error', from, to });

module.exports = {
  forbidden: [
    ...['backends', 'config', 'formats', 'schema'].map((folder) => only(folder, 'domain')),
    only('storage', 'domain', 'migrations'),
    only('daemon', 'domain', 'storage', 'config', 'backends', 'formats'),
    only('server', 'domain', 'storage', 'config', 'schema', 'backends'),
    only('migrations'),
    {
      ...only('cli'),
      name: 'cli speaks GraphQL like any other client; only the demonstration plays an annotator on files',
      to: { ...only('cli').to, pathNot: '^(cli/|backends/folder/player)' },
    },
    only('bench', 'backends', 'config', 'daemon', 'domain', 'formats', 'server', 'storage'),
    never('domain reaches outside', { path: '^domain/' }, { pathNot: '^domain/' }),
    never(
      'server loads an adapter',
      { path: '^server/' },
      { path: '^backends/[^/]+/', pathNot: '^backends/[^/]+/descriptor' },
    ),
    never(
      'one backend knows another',
      { path: '^backends/([^/]+)/' },
      { path: '^backends/[^/]+/', pathNot: '^backends/$1/' },
    ),
    never(
      'a database call outside storage',
      { pathNot: '^(storage|migrations|ormconfig|test|bench)' },
      { path: '(^|/)node_modules/(typeorm|pg|sqlite3)(/|$)' },
    ),
    never('a cycle', {}, { circular: true }),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
