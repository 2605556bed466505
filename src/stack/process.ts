import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchOver } from './watchdog.ts';

export type ProcessSpec = {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
  logFile: string;
  cwd?: string;
  user?: { uid: number; gid: number };
  stopSignal?: NodeJS.Signals;
};

export type RunningProcess = {
  name: string;
  pid: number;
  exited: Promise<string>;
  hasExited: () => boolean;
  stop: (patienceMs?: number) => Promise<void>;
};

/**
 * Starts a program in a session of its own: a terminal's Ctrl-C must reach the stack only, which then stops its parts in order.
 * The watchdog ends it when the stack dies without that.
 */
export async function startProcess(spec: ProcessSpec): Promise<RunningProcess> {
  const child = spawnLogged(spec);
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`));
  });
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const pid = child.pid ?? 0;
  const release = watchOver(pid);
  let ended = false;
  void exited.then(() => {
    ended = true;
    release();
  });
  const stop = async (patienceMs = 60_000): Promise<void> => {
    if (!ended) child.kill(spec.stopSignal ?? 'SIGTERM');
    const patience = new AbortController();
    const outOfPatience = sleep(patienceMs, 'late', { signal: patience.signal, ref: false }).catch(() => 'ended');
    if ((await Promise.race([exited, outOfPatience])) === 'late') child.kill('SIGKILL');
    patience.abort();
    await exited;
  };
  return { name: spec.name, pid, exited, hasExited: () => ended, stop };
}

function spawnLogged(spec: ProcessSpec): ChildProcess {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  const log = openSync(spec.logFile, 'a');
  try {
    return spawn(spec.command, spec.args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: spec.env ?? process.env,
      ...(spec.cwd ? { cwd: spec.cwd } : {}),
      ...spec.user,
    });
  } finally {
    closeSync(log);
  }
}

/** The end of a log, to be quoted when a program did not start. */
function lastLines(logFile: string, count = 30): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '(no log)';
  }
}

/** Waits until the check holds; fails when the program ends first or the time is over. */
export async function untilReady(
  running: RunningProcess,
  logFile: string,
  probe: { isReady: () => Promise<boolean>; withinMs: number },
): Promise<void> {
  const until = Date.now() + probe.withinMs;
  while (!(await probe.isReady().catch(() => false))) {
    if (running.hasExited())
      throw new Error(`${running.name} ended at start (${await running.exited})\n${lastLines(logFile)}`);
    if (Date.now() > until) {
      await running.stop(2_000);
      throw new Error(`${running.name} was not ready within ${probe.withinMs / 1000} s\n${lastLines(logFile)}`);
    }
    await sleep(50);
  }
}
