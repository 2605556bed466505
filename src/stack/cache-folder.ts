import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processIdentity } from './process-identity.ts';

/** A folder of programs that are fetched or built once for this user. */
export function cacheFolder(name: string): string {
  const root = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const folder = join(root, 'xubao', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Lets one process at a time fill a cache folder; the others wait. A holder that died does not count. */
export async function whileHolding<Answer>(
  folder: string,
  work: () => Promise<Answer>,
  onWait: () => void = () => {},
): Promise<Answer> {
  const lockFile = join(folder, 'lock');
  const me = processIdentity(process.pid) ?? String(process.pid);
  for (let waits = 0; !tryLock(lockFile, me); waits += 1) {
    if (waits === 0) onWait();
    await sleep(500);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function tryLock(lockFile: string, me: string): boolean {
  try {
    writeFileSync(lockFile, me, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (!holderIsAlive(lockFile)) rmSync(lockFile, { force: true });
  return false;
}

function holderIsAlive(lockFile: string): boolean {
  try {
    const holder = readFileSync(lockFile, 'utf8');
    // The name of the holder is written a moment after the file appears.
    if (holder === '') return Date.now() - statSync(lockFile).mtimeMs < 5_000;
    return processIdentity(Number.parseInt(holder, 10)) === holder;
  } catch {
    return false;
  }
}
