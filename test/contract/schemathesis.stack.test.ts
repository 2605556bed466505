import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import { runWorker } from '../api/a-working-stack.ts';
import { runApi, tokenFor, type RunningApi } from '../api/running-api.ts';
import { runProgram } from '../support/run-program.ts';
import { findSchemathesis } from '../support/schemathesis.ts';
import { fillBook } from './a-full-book.ts';
import { operationsOf, readDocument, type Placed } from './document.ts';
import { knownIds } from './known-ids.ts';

const leastCases = 5_000;
// Who takes the most away from the book comes last.
const people = {
  agent: 'north-agent',
  specialist: 'north-specialist',
  'call-centre': 'north-caller',
  trainer: 'north-trainer',
  auditor: 'auditor',
  'core-system': 'core-system',
  supervisor: 'north-lead',
  'channel-manager': 'north-manager',
  'general-manager': 'head-manager',
  admin: 'admin',
};

let api: RunningApi;
let worker: { stop: () => Promise<void> };
let program: string;
let operations: Placed[];
let folder: string;
let cases = 0;

beforeAll(async () => {
  program = await findSchemathesis();
  folder = mkdtempSync(join(tmpdir(), 'xubao-schemathesis-'));
  const temporalAddress = inject('temporalAddress');
  api = await runApi({ temporalAddress });
  worker = await runWorker(api.db, temporalAddress);
  // The examples of the document speak of these days.
  await anchorClock(api.db, { businessAt: Date.parse('2026-11-23T11:00:00+08:00'), speed: 1 });
  await fillBook(api, '2026-11-23');
  operations = operationsOf(await readDocument(api.url));
  copyFileSync(join(import.meta.dirname, 'schemathesis_hooks.py'), join(folder, 'schemathesis_hooks.py'));
}, 600_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await worker?.stop();
  await api?.close();
});

/** The roles that may call an operation, in the order of `people`. */
function rolesOf({ operation }: Placed): string[] {
  const written = /Roles: ([^.]*)\./.exec(operation.description ?? '')?.[1];
  return Object.keys(people).filter((role) => written === undefined || written.split(', ').includes(role));
}

/**
 * The settings of all with those of a role: what it may not do is asked a few times only, and of what several may do the
 * first one asks systematically, the others at random.
 */
function settingsFor(role: string): string {
  const some = (isMeant: (roles: string[]) => boolean): string =>
    JSON.stringify(
      operations.filter((placed) => isMeant(rolesOf(placed))).map(({ operation }) => operation.operationId),
    );
  return `${readFileSync(join(import.meta.dirname, 'schemathesis.toml'), 'utf8')}
[[operations]]
include-operation-id = ${some((roles) => roles[0] !== role)}
phases.coverage.enabled = false

[[operations]]
include-operation-id = ${some((roles) => !roles.includes(role))}
generation.max-examples = 2
`;
}

/** Lets Schemathesis ask as somebody; answers what it found, or nothing, and how many cases it sent. */
async function askAs(role: string, person: string): Promise<{ found: string; sent: number }> {
  const [settings, ids, report] = ['toml', 'json', 'ndjson'].map((type) => join(folder, `${role}.${type}`)) as [
    string,
    string,
    string,
  ];
  writeFileSync(settings, settingsFor(role));
  writeFileSync(ids, JSON.stringify(await knownIds(api, person)));
  const target = [`${api.url}/openapi.json`, '--url', api.url, '--checks', 'all'];
  const reports = ['--report', 'ndjson', '--report-ndjson-path', report];
  const token = await tokenFor(api.url, person);
  const env = { XUBAO_TOKEN: token, KNOWN_IDS: ids, PYTHONPATH: folder, NO_COLOR: '1' };
  const args = ['--config-file', settings, 'run', ...target, ...reports];
  const { status, output } = await runProgram(program, args, { env, cwd: folder });
  return { found: status === 0 ? '' : shortened(output), sent: countCases(report) };
}

function countCases(report: string): number {
  const events = readFileSync(report, 'utf8').split('\n').filter(Boolean);
  return events.reduce((sum, line) => {
    const { ScenarioFinished: ended } = JSON.parse(line) as { ScenarioFinished?: { recorder: { cases: object } } };
    return sum + Object.keys(ended?.recorder.cases ?? {}).length;
  }, 0);
}

function shortened(output: string): string {
  return output
    .split('\n')
    .map((line) => line.slice(0, 1_000))
    .join('\n');
}

describe('Schemathesis, with every check', () => {
  test.each(Object.entries(people))('finds nothing wrong as %s', { timeout: 600_000 }, async (role, person) => {
    const { found, sent } = await askAs(role, person);
    process.stderr.write(`Schemathesis as ${role}: ${sent} cases\n`);
    cases += sent;
    expect(found).toBe('');
    expect(sent).toBeGreaterThan(100);
  });

  test('sent enough of them', () => {
    expect(cases).toBeGreaterThanOrEqual(leastCases);
  });
});
