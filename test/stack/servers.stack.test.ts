import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection } from '@temporalio/client';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { withClient } from '../../src/stack/postgres.ts';
import { processIdentity } from '../../src/stack/process-identity.ts';
import { startStack, type Stack, type StackOptions } from '../../src/stack/stack.ts';

let folder: string;
const running: Stack[] = [];

async function bringUp(options: Partial<StackOptions> = {}): Promise<Stack> {
  const stack = await startStack({ dataDir: join(folder, 'data'), serversOnly: true, ...options });
  running.push(stack);
  return stack;
}

const ask = (stack: Stack, sql: string) =>
  withClient(
    stack.env['XUBAO_DATABASE_OWNER_URL'] ?? '',
    async (client) => (await client.query(sql)).rows as unknown[],
  );

async function daysOfRetention(stack: Stack): Promise<number> {
  const connection = await Connection.connect({ address: stack.env['XUBAO_TEMPORAL_ADDRESS'] ?? '' });
  const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
  await connection.close();
  return Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400;
}

const commands = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** Runs a command of ours with nothing else set. */
async function runCommand(args: string[], settings: Record<string, string>): Promise<{ code: unknown; said: string }> {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('XUBAO_'));
  const env = { ...Object.fromEntries(others), ...settings };
  const command = spawn(process.execPath, [commands, ...args], { env, cwd: folder });
  let said = '';
  for (const out of [command.stdout, command.stderr]) out.on('data', (part: Buffer) => (said += part.toString()));
  const [code] = (await once(command, 'close')) as unknown[];
  return { code, said };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xubao-test-stack-'));
  chmodSync(folder, 0o711);
});

afterEach(async () => {
  for (const stack of running.splice(0)) await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the embedded servers', () => {
  test('two stacks run side by side and stop without a trace', async () => {
    const first = await bringUp({ throwaway: true });
    const second = await bringUp({ throwaway: true, dataDir: join(folder, 'second') });
    for (const { urls } of [first, second]) {
      for (const url of [urls.temporalUi, urls.mail, urls.sms]) {
        expect((await fetch(url, { headers: { accept: 'text/html' } })).status).toBe(200);
      }
    }
    const pids = [first, second].flatMap((stack) => Object.values(stack.pids()));
    await Promise.all([first.stop(), second.stop()]);
    expect(pids.map(processIdentity).filter(Boolean)).toEqual([]);
  });

  test('a second start on the same folder is refused by name and leaves the first alone', async () => {
    const stack = await bringUp({ throwaway: true });
    await expect(bringUp({ throwaway: true })).rejects.toThrow(/Another Xubao .* is running on .*XUBAO_DATA_DIR/);
    expect(await ask(stack, 'select 1 as answer')).toEqual([{ answer: 1 }]);
  });

  test('a command that is told the data folder alone finds the stack on it, and says in one sentence that it is gone', async () => {
    const stack = await bringUp({ throwaway: true });
    const verify = () => runCommand(['journal', 'verify'], { XUBAO_DATA_DIR: join(folder, 'data') });

    expect(await verify()).toEqual({
      code: 0,
      said: expect.stringMatching(/^\d+ chains? with .*: whole\n$/) as string,
    });
    await stack.stop();
    const { code, said } = await verify();
    expect([code, said.trim().split('\n')]).toEqual([1, [expect.stringContaining('No embedded stack is running on')]]);
  });

  test('a taken port is named with its variable', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = address && typeof address === 'object' ? address.port : 0;
    await expect(bringUp({ ports: { postgres: port } })).rejects.toThrow(
      `Port ${port} for PostgreSQL is taken (variable XUBAO_PG_PORT)`,
    );
    other.close();
  });

  test('a restart finds rows, e-mails, messages and the business clock as they were', async () => {
    const first = await bringUp({ today: '2026-12-01', dayMs: 3_600_000 });
    await ask(first, 'create table kept (id int)');
    const mailer = createTransport({ host: '127.0.0.1', port: first.ports.smtp });
    await mailer.sendMail({ from: 'a@example.com', to: 'b@example.com', subject: 'kept', text: 'kept' });
    await first.stop();
    const second = await bringUp({ today: '2030-01-01', dayMs: 3_600_000 });
    expect(await ask(second, "select to_regclass('kept')::text as kept")).toEqual([{ kept: 'kept' }]);
    expect(await (await fetch(`${second.urls.mail}/api/email`)).json()).toMatchObject([{ subject: 'kept' }]);
    expect(await ask(second, "select business_now() between '2026-11-30' and '2026-12-03' as goes_on")).toEqual([
      { goes_on: true },
    ]);
    expect(await daysOfRetention(second)).toBe(90);
  });

  test('PostgreSQL and Temporal come back after kill -9 with what they had', async () => {
    const stack = await bringUp();
    await ask(stack, 'create table kept (id int)');
    const before = stack.pids();
    for (const name of ['PostgreSQL', 'Temporal']) process.kill(before[name] ?? 0, 'SIGKILL');
    const patience = { timeout: 60_000, interval: 200 };
    await vi.waitFor(
      async () => expect(await ask(stack, "select to_regclass('kept')::text as kept")).toEqual([{ kept: 'kept' }]),
      patience,
    );
    await vi.waitFor(async () => expect(await daysOfRetention(stack)).toBe(90), patience);
    await vi.waitFor(() => expect(stack.pids()['Temporal']).not.toBe(before['Temporal']), patience);
  });

  test('when the stack itself is killed its servers end, and the next start goes on', async () => {
    const program = `
      const { startStack } = await import(${JSON.stringify(new URL('../../src/stack/stack.ts', import.meta.url).href)});
      const stack = await startStack({ dataDir: ${JSON.stringify(join(folder, 'data'))}, serversOnly: true });
      console.log(JSON.stringify(Object.values(stack.pids())));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    child.kill('SIGKILL');
    await once(child, 'exit');
    const stack = await bringUp();
    expect(await ask(stack, 'select 1 as answer')).toEqual([{ answer: 1 }]);
    expect((JSON.parse(line.toString()) as number[]).map(processIdentity).filter(Boolean)).toEqual([]);
  });

  test.runIf(process.getuid?.() === 0)('a folder that only root may enter is no obstacle', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const said: string[] = [];
    const progress = {
      say: (line: string) => void said.push(line),
      during: (_: string, work: () => Promise<never>) => work(),
    };
    const stack = await bringUp({ dataDir: join(closed, 'data'), throwaway: true, progress: progress as never });
    expect(await ask(stack, 'select 1 as answer')).toEqual([{ answer: 1 }]);
    expect(said.join('\n')).toContain("PostgreSQL's own user cannot enter");
  });
});
