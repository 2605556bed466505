import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StackSettings } from '../config/stack-settings.ts';
import { processIdentity } from './process-identity.ts';

/** With what a stack runs, so that commands find it which were told its data folder alone. */
type RunningWith = Pick<StackSettings, 'ports' | 'zone' | 'dayMs'>;
type Lock = { holder: string; pid: number; parts: Record<string, string>; runningWith?: RunningWith };

export type DataFolder = {
  path: string;
  inside: (...names: string[]) => string;
  /** A folder inside that nobody else may enter. */
  privately: (name: string) => string;
  remember: (part: string, pid: number) => void;
  /** Notes it for `readRunning`. */
  runWith: (settings: RunningWith) => void;
  release: () => void;
};

/**
 * Takes a data folder for this process. Refuses when another live stack has it; ends what a stack that was killed left behind.
 */
export async function takeDataFolder(dataDir: string): Promise<DataFolder> {
  const path = resolve(dataDir);
  // PostgreSQL's own user has to pass through when we are root; what is secret inside has a mode of its own.
  mkdirSync(path, { recursive: true, mode: 0o711 });
  const lockFile = join(path, 'running.json');
  const lock: Lock = { holder: processIdentity(process.pid) ?? String(process.pid), pid: process.pid, parts: {} };
  await claim(lockFile, lock, path);
  const write = (): void => writeFileSync(lockFile, JSON.stringify(lock, null, 2));
  return {
    path,
    inside: (...names) => join(path, ...names),
    privately: (name) => {
      mkdirSync(join(path, name), { recursive: true, mode: 0o700 });
      return join(path, name);
    },
    remember: (part, pid) => {
      lock.parts[part] = processIdentity(pid) ?? '';
      write();
    },
    runWith: (settings) => {
      lock.runningWith = settings;
      write();
    },
    release: () => rmSync(lockFile, { force: true }),
  };
}

/** With what a stack runs on a folder: nothing of one that an older version started, undefined when none runs. */
export function readRunning(dataDir: string): Partial<RunningWith> | undefined {
  const lock = readLock(join(resolve(dataDir), 'running.json'));
  return lock && isHeld(lock) ? (lock.runningWith ?? {}) : undefined;
}

async function claim(lockFile: string, lock: Lock, path: string): Promise<void> {
  const written = JSON.stringify(lock, null, 2);
  try {
    writeFileSync(lockFile, written, { flag: 'wx' });
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const left = readLock(lockFile);
  if (left && isHeld(left)) {
    throw new Error(
      `Another Xubao (process ${left.pid}) is running on ${path}. Stop it first, or choose another folder with XUBAO_DATA_DIR.`,
    );
  }
  await endLeftovers(Object.values(left?.parts ?? {}));
  rmSync(lockFile, { force: true });
  writeFileSync(lockFile, written, { flag: 'wx' });
}

function isHeld({ pid, holder }: Lock): boolean {
  return processIdentity(pid) === holder;
}

function readLock(lockFile: string): Lock | undefined {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')) as Lock;
  } catch {
    return undefined;
  }
}

async function endLeftovers(identities: string[]): Promise<void> {
  for (const identity of identities.toReversed()) {
    const pid = Number.parseInt(identity, 10);
    const isAlive = (): boolean => processIdentity(pid) === identity;
    if (!pid || !isAlive()) continue;
    process.kill(pid, 'SIGINT');
    for (let waited = 0; isAlive() && waited < 20_000; waited += 100) await sleep(100);
    if (isAlive()) process.kill(pid, 'SIGKILL');
  }
}
