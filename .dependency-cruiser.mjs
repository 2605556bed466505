/**
 * The import table: for each folder, which of our folders it may import and whether it may import packages.
 * `types` lists folders of which only types may be imported, but for the files that `values` names. `packages` is `all`, `none` or a list of names.
 * test/architecture/import-table.unit.test.ts runs it and shows that each rule can fail.
 */
const table = {
  'src/renewal': { ours: [], packages: 'none' },
  'src/config': { ours: [], packages: 'all' },
  'src/calendar': { ours: ['src/renewal'], packages: 'all' },
  'src/db': { ours: ['src/renewal'], packages: 'all' },
  'src/messaging': { ours: ['src/renewal', 'src/db', 'src/config'], packages: 'all' },
  'src/intake': { ours: ['src/renewal', 'src/db'], packages: 'all' },
  'src/reporting': { ours: ['src/renewal', 'src/db'], packages: 'all' },
  'src/forecast': { ours: ['src/renewal', 'src/db', 'src/messaging'], packages: 'all' },
  'src/cases': {
    ours: ['src/renewal', 'src/db', 'src/config'],
    types: ['workflows'],
    // The names that a client and a workflow share: updates, signals, queries and search attributes.
    values: '^workflows/[a-z-]*(messages|attribute-keys)[.]ts$',
    packages: 'all',
  },
  'src/api': {
    ours: ['src/db', 'src/cases', 'src/reporting', 'src/intake', 'src/messaging', 'src/renewal', 'src/config'],
    packages: 'all',
  },
  activities: {
    ours: ['src/renewal', 'src/db', 'src/messaging', 'src/config'],
    packages: 'all',
  },
  workflows: {
    ours: ['src/renewal'],
    types: ['activities'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
};

/** Folders that compose the others: they may import everything, and nobody imports them but each other and tests. */
const compositionRoots = '^src/(stack|rehearsal)/|^src/(cli|main-[a-z]+)[.]ts$';

const everythingOurs = '^(src|workflows|activities|test|bench|drizzle)/';
const builtinsAndPackages = ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];

const ruleName = (folder) => folder.replace('src/', '');
const folders = (names) => names.map((name) => `^${name}/`);

function ourImportsRule(folder, { ours, types = [] }) {
  return {
    name: `${ruleName(folder)}-imports-only-its-row`,
    comment: `${folder} may import ${[...ours, ...types.map((name) => `types of ${name}`)].join(', ') || 'nothing of ours'}.`,
    severity: 'error',
    from: { path: `^${folder}/` },
    to: { path: everythingOurs, pathNot: folders([folder, ...ours, ...types]) },
  };
}

function typesOnlyRule(folder, { types, values }) {
  return {
    name: `${ruleName(folder)}-imports-types-only`,
    comment: `${folder} may import types of ${types.join(', ')}, never values.`,
    severity: 'error',
    from: { path: `^${folder}/` },
    to: { path: folders(types), dependencyTypesNot: ['type-only'], ...(values && { pathNot: values }) },
  };
}

function packagesRule(folder, { packages }) {
  const allowed = packages === 'none' ? [] : packages;
  return {
    name: `${ruleName(folder)}-imports-only-its-packages`,
    comment: `${folder} may import ${allowed.join(', ') || 'no package and no part of node'}.`,
    severity: 'error',
    from: { path: `^${folder}/` },
    to: {
      dependencyTypes: builtinsAndPackages,
      ...(allowed.length > 0 && { pathNot: allowed.map((name) => `(^|/)node_modules/${name}/`) }),
    },
  };
}

const rows = Object.entries(table);

export default {
  forbidden: [
    ...rows.map(([folder, row]) => ourImportsRule(folder, row)),
    ...rows.filter(([, row]) => row.types).map(([folder, row]) => typesOnlyRule(folder, row)),
    ...rows.filter(([, row]) => row.packages !== 'all').map(([folder, row]) => packagesRule(folder, row)),
    {
      name: 'nobody-imports-a-composition-root',
      comment:
        'src/stack, src/rehearsal, src/cli.ts and src/main-*.ts put the parts together; the parts do not know them.',
      severity: 'error',
      from: { pathNot: [compositionRoots, '^(test|bench)/'] },
      to: { path: compositionRoots },
    },
    {
      name: 'product-does-not-import-tests',
      comment: 'Test helpers, benchmarks and development packages stay out of what is deployed.',
      severity: 'error',
      from: { path: '^(src|workflows|activities)/' },
      to: { path: '^(test|bench)/|(^|/)node_modules/(vitest|fast-check|@fast-check|@temporalio/testing)/' },
    },
    {
      name: 'no-cycles',
      comment: 'Modules that import each other cannot be read one after the other.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-barrels',
      comment: 'A name is imported from the file that defines it. Temporal takes one entry module, workflows/index.ts.',
      severity: 'error',
      from: { pathNot: '^workflows/index[.]ts$' },
      to: { dependencyTypes: ['export'] },
    },
    {
      name: 'no-orphan-test-helpers',
      comment: 'What lies under test/ is a test, is imported by one, or is loaded by the runner.',
      severity: 'error',
      module: {
        path: '^test/',
        pathNot: ['[.]test[.]ts$', '[.](global-)?setup[.]ts$'],
        numberOfDependentsLessThan: 1,
      },
      from: {},
    },
    {
      name: 'every-import-resolves',
      comment: 'An import that cannot be resolved would slip past every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^test/architecture/(lint-)?fixture/|^dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
