import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Names a live process by its id and its start, so that a reused id is not taken for it; undefined when it is gone. */
export function processIdentity(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    if (fields[0] === 'Z') return undefined;
    return `${pid}@${fields[19]}`;
  } catch {
    return startedAccordingToPs(pid);
  }
}

function startedAccordingToPs(pid: number): string | undefined {
  try {
    return `${pid}@${execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()}`;
  } catch {
    return undefined;
  }
}
