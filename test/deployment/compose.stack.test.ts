import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { exampleVariables, loadCompose, type ComposeModel, type Service } from './compose-model.ts';

const example = 'deploy/team.env.example';
const oneShotJobs = ['temporal-schema', 'temporal-namespace', 'migrate'];
const loopback = '127.0.0.1';

let model: ComposeModel;
beforeAll(async () => {
  model = await loadCompose('docker-compose.yml', exampleVariables(example));
}, 300_000);

function service(name: string): Service {
  const found = model.services[name];
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

const names = () => Object.keys(model.services);
const publishes = (name: string) => (service(name).ports ?? []).map(({ host_ip }) => host_ip ?? 'everywhere');

describe('docker-compose.yml', () => {
  test('brings up database, Temporal, Web UI, mail catcher, API and workers, and the jobs before them', () => {
    const longRunning = ['postgres', 'temporal', 'temporal-ui', 'mailpit', 'api', 'worker'];
    expect(names().toSorted()).toEqual([...longRunning, ...oneShotJobs].toSorted());
  });

  test('publishes the API, and nothing else beyond this machine', () => {
    expect(names().filter((name) => publishes(name).some((address) => address !== loopback))).toEqual(['api']);
  });

  test.each(['temporal', 'postgres', 'worker'])('does not publish %s at all', (name) => {
    expect(publishes(name)).toEqual([]);
  });

  test('lets workers and APIs be started in any number', () => {
    expect(names().filter((name) => service(name).container_name)).toEqual([]);
  });

  test.each(oneShotJobs)('runs %s once, and again only when it failed', (name) => {
    expect(service(name).restart).toMatch(/^on-failure/);
  });

  test.each(['api', 'worker'])('starts %s after migration and namespace are done', (name) => {
    expect(service(name).depends_on).toMatchObject({
      migrate: { condition: 'service_completed_successfully' },
      'temporal-namespace': { condition: 'service_completed_successfully' },
    });
  });

  test.each(['postgres', 'temporal', 'api', 'worker'])('asks %s whether it is well', (name) => {
    expect(service(name).healthcheck?.test.length).toBeGreaterThan(1);
  });

  test('runs API, worker and migration from one image', () => {
    const [image, ...others] = new Set(['api', 'worker', 'migrate'].map((name) => service(name).image));
    expect([image, others]).toEqual([expect.stringContaining('xubao:'), []]);
  });

  test('gives the key to the schema to the migration alone', () => {
    const keyed = names().filter((name) => service(name).environment?.['XUBAO_DATABASE_OWNER_URL']);
    expect(keyed).toEqual(['migrate']);
  });

  test('names an exact version of every foreign image, and the same release of Temporal for server and tools', () => {
    const foreign = names().filter((name) => !service(name).build);
    expect(foreign.map((name) => service(name).image)).toEqual(
      foreign.map(() => expect.stringMatching(/:v?\d+\.\d+(\.\d+)?/)),
    );
    const release = (name: string) => /:(\d+\.\d+\.\d+)/.exec(service(name).image)?.[1];
    expect(release('temporal-schema')).toBe(release('temporal'));
    expect(release('temporal-namespace')).toBe(release('temporal'));
  });

  test('keeps the data of PostgreSQL 18 where that release wants it', () => {
    expect(service('postgres').volumes).toContainEqual(
      expect.objectContaining({ type: 'volume', source: 'postgres', target: '/var/lib/postgresql' }),
    );
  });

  test('has no password of its own', async () => {
    await expect(loadCompose('docker-compose.yml', {})).rejects.toThrow(/POSTGRES_PASSWORD is missing a value/);
  });

  test('asks for no variable that the example file leaves out', () => {
    const required = readFileSync('docker-compose.yml', 'utf8').matchAll(/\$\{([A-Z_]+):\?/g);
    const missing = [...required]
      .map(([, name]) => name)
      .filter((name) => !(String(name) in exampleVariables(example)));
    expect(missing).toEqual([]);
  });
});
