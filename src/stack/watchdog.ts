import { spawn, type ChildProcess } from 'node:child_process';

// Reads the list of process ids that is valid now, line by line; when the pipe breaks because the stack is gone
// (kill -9, a closed terminal), it ends the last list in order, giving each time to finish.
// A zombie that nobody reaps (pid 1 of some containers) counts as finished.
const script = `
lives() { kill -0 "$1" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }
while read -r line; do pids="$line"; done
for pid in $pids; do
  kill -INT "$pid" 2>/dev/null || continue
  tries=0
  while lives "$pid" && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
done`;

const watched: number[] = [];
let watchdog: ChildProcess | undefined;

/** Ends the process when this one dies without stopping it; later ones are ended first. Answers how to let go of it. */
export function watchOver(pid: number): () => void {
  watched.unshift(pid);
  report();
  return () => {
    watched.splice(watched.indexOf(pid), 1);
    report();
  };
}

function report(): void {
  watchdog ??= startWatchdog();
  watchdog.stdin?.write(`${watched.join(' ')}\n`);
}

function startWatchdog(): ChildProcess {
  const started = spawn('/bin/sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  started.stdin.on('error', () => {});
  started.once('error', () => {});
  started.unref();
  const pipe: unknown = started.stdin;
  if (pipe !== null && typeof pipe === 'object' && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
  return started;
}
