import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addDays } from '../../src/renewal/calendar.ts';
import { writeBook } from './a-season.ts';

const from = '2018-03-10';
const to = '2018-03-12';

let folder: string;
const running: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xubao-test-rehearsal-'));
  chmodSync(folder, 0o711);
});

afterEach(async () => {
  for (const command of running.splice(0)) {
    if (command.exitCode !== null || command.signalCode !== null) continue;
    command.kill('SIGTERM');
    await once(command, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

const rowFor = (id: number, lapsedOn?: string) => {
  const expiresOn = addDays(from, id % 3);
  const row = { id: String(id), startsOn: addDays(expiresOn, -365), expiresOn };
  return lapsedOn === undefined ? row : { ...row, lapsedOn };
};

const renewalOf = (id: number) => {
  const startsOn = addDays(from, id % 3);
  return { id: String(id), startsOn, expiresOn: addDays(startsOn, 365) };
};

const numbers = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index);

/** Seven that stayed, eight that left, one cancelled while its case is open, one before, one too short. */
const writeSmallBook = (): string =>
  writeBook([
    ...numbers(1, 7).flatMap((id) => [rowFor(id), renewalOf(id)]),
    ...numbers(20, 8).map((id) => rowFor(id)),
    rowFor(40, '2018-02-10'),
    rowFor(41, '2018-01-10'),
    { id: '50', startsOn: '2017-12-01', expiresOn: from },
  ]);

type Rehearsal = { command: ChildProcess; output: () => string };

function rehearse(...more: string[]): Rehearsal {
  const season = ['--book', writeSmallBook(), '--format', 'segura-2024', '--from', from, '--to', to];
  const command = spawn(process.execPath, ['src/cli.ts', 'rehearse', ...season, ...more], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(command);
  let said = '';
  for (const stream of [command.stdout, command.stderr]) stream?.on('data', (piece: Buffer) => (said += String(piece)));
  return { command, output: () => said };
}

/** What the command said until its end, and its exit status as the last line. */
async function endOf({ command, output }: Rehearsal): Promise<string> {
  const [status] = (await once(command, 'exit')) as [number | null];
  return `${output().trim()}\nexit ${status}`;
}

const leftovers = (): string[] => readdirSync(folder).filter((name) => name.startsWith('xubao-rehearsal-'));

describe('npx xubao rehearse', () => {
  test('ends with the books that the season really had, and leaves nothing behind', { timeout: 240_000 }, async () => {
    const json = join(folder, 'result.json');
    expect(await endOf(rehearse('--day', '1s', '--json', json))).toMatch(/exit 0$/);
    const result = JSON.parse(readFileSync(json, 'utf8')) as Record<string, unknown>;
    expect(result).toMatchObject({
      books: { due: 16, notRenewable: 1, renewable: 15, renewed: 7, lost: 9, open: 0, ratePercent: 46.67 },
      ledgers: { workflows: { Completed: 16 } },
      leftOut: { cancelled: 1, 'term-too-short': 1 },
      differences: [],
      faults: [],
    });
    expect(leftovers()).toEqual([]);
  });

  test('stops at Ctrl-C in the middle of a season and leaves nothing behind', { timeout: 120_000 }, async () => {
    const rehearsal = rehearse('--day', '6s');
    await expect.poll(rehearsal.output, { timeout: 90_000, interval: 250 }).toContain('The season begins');
    rehearsal.command.kill('SIGINT');
    expect(await endOf(rehearsal)).toMatch(/exit 130$/);
    expect(leftovers()).toEqual([]);
  });

  test('refuses what it cannot use in one line', async () => {
    const said = await endOf(rehearse('--day', 'fast'));
    expect(said).toMatch(/^--day fast is no length of a business day[^\n]*\nexit 1$/);
  });
});
