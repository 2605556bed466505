#!/usr/bin/env node
// A Node too old for TypeScript sources hands over to the one that is installed beside us.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const compiled = fileURLToPath(new URL('../dist/src/cli.js', import.meta.url));
const program = existsSync(source) ? source : compiled;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  process.argv[1] = program;
  await import(program);
} else {
  const ours = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));
  if (!existsSync(ours)) {
    process.stderr.write(
      `Xubao needs Node 22.18 or newer; this is ${process.version}. Run npm ci, which brings one along.\n`,
    );
    process.exit(1);
  }
  const child = spawn(ours, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // Ctrl-C reaches the child by itself; what is sent to us alone is passed on.
    process.on(signal, () => signal === 'SIGINT' || child.kill(signal));
  }
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
