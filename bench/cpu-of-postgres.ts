import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** CPU seconds of a server and all of its processes so far, ended ones included (Linux only; 0 elsewhere). */
export function cpuSecondsOfTree(root: number): number {
  let ticks = 0;
  for (const entry of processes()) {
    const stat = statOf(entry);
    if (stat && (stat.pid === root || stat.parent === root)) ticks += stat.ticks;
  }
  return ticks / ticksPerSecond;
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Fields of /proc/<pid>/stat after the name: state, parent, …, own and waited-for children's ticks. */
function statOf(entry: string): { pid: number; parent: number; ticks: number } | undefined {
  try {
    const line = readFileSync(`/proc/${entry}/stat`, 'utf8');
    const fields = line
      .slice(line.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [parent = 0, user = 0, system = 0, childUser = 0, childSystem = 0] = [1, 11, 12, 13, 14].map(
      (at) => fields[at],
    );
    return { pid: Number(entry), parent, ticks: user + system + childUser + childSystem };
  } catch {
    // It has ended since the list was read.
    return undefined;
  }
}
