import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keepAlive, type KeptAlive } from '../../src/stack/keep-alive.ts';
import { processIdentity } from '../../src/stack/process-identity.ts';
import { startProcess } from '../../src/stack/process.ts';

const patience = { timeout: 20_000, interval: 50 };

let folder: string;
let kept: KeptAlive | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xubao-test-keep-'));
});

afterEach(async () => {
  await kept?.stop();
  rmSync(folder, { recursive: true });
});

function keep(program: string, said: string[] = []): Promise<KeptAlive> {
  const start = () =>
    startProcess({
      name: 'worker',
      command: process.execPath,
      args: ['-e', program],
      logFile: join(folder, 'worker.log'),
    });
  return keepAlive({ start, say: (line) => void said.push(line) });
}

const log = (): string => readFileSync(join(folder, 'worker.log'), 'utf8');
const lives = "console.log('up'); setInterval(() => {}, 1000);";

describe('a program that is kept alive', () => {
  test('comes back after kill -9, and the terminal says so', async () => {
    const said: string[] = [];
    kept = await keep(lives, said);
    const first = kept.pid();
    await vi.waitFor(() => expect(log()).toBe('up\n'), patience);
    process.kill(first, 'SIGKILL');
    await vi.waitFor(() => expect(log()).toBe('up\nup\n'), patience);
    expect(kept.pid()).not.toBe(first);
    expect(said).toEqual([expect.stringContaining('worker ended (signal SIGKILL); it starts again')]);
  });

  test('may finish what it does when it is told to stop, and stays away', async () => {
    kept = await keep(
      `${lives} process.on('SIGTERM', () => setTimeout(() => { console.log('done'); process.exit(0); }, 300));`,
    );
    await vi.waitFor(() => expect(log()).toBe('up\n'), patience);
    const pid = kept.pid();
    await kept.stop();
    expect(log()).toBe('up\ndone\n');
    expect(processIdentity(pid)).toBeUndefined();
  });

  test('is killed when it does not stop in time', async () => {
    kept = await keep(`process.on('SIGTERM', () => {}); ${lives}`);
    await vi.waitFor(() => expect(log()).toBe('up\n'), patience);
    await kept.stop(200);
    expect(processIdentity(kept.pid())).toBeUndefined();
  });
});
