import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

type Cost = { name: string; globalSetup?: string[]; timeoutMs?: number; oneFileAtATime?: boolean };

const support = (...names: string[]): string[] => names.map((name) => `./test/support/${name}.global-setup.ts`);

// The suffix of a test file tells its cost; a project brings up only what its files need.
const costs: Cost[] = [
  { name: 'unit' },
  { name: 'workflow', globalSetup: support('time-skipping'), timeoutMs: 60_000 },
  { name: 'db', globalSetup: support('postgres'), timeoutMs: 30_000 },
  { name: 'api', globalSetup: support('postgres', 'temporal-server'), timeoutMs: 60_000 },
  {
    name: 'stack',
    globalSetup: support('temporal-binary', 'postgres', 'temporal-server'),
    timeoutMs: 300_000,
    oneFileAtATime: true,
  },
];

function projectOf({
  name,
  globalSetup = [],
  timeoutMs = 5_000,
  oneFileAtATime = false,
}: Cost): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      include: [`test/**/*.${name}.test.ts`],
      globalSetup,
      // Temporal's native core does not live in worker threads.
      pool: 'forks',
      testTimeout: timeoutMs,
      hookTimeout: Math.max(timeoutMs, 120_000),
      fileParallelism: !oneFileAtATime,
      sequence: { groupOrder: oneFileAtATime ? 1 : 0 },
    },
  };
}

export default defineConfig({ test: { teardownTimeout: 60_000, projects: costs.map(projectOf) } });
