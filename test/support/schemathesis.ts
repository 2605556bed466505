import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, whileHolding } from '../../src/stack/cache-folder.ts';
import { reportProgress } from '../../src/stack/progress.ts';

const version = '4.32.5';
const run = promisify(execFile);

/** The path of Schemathesis in a virtual environment of its own, which is made once for this user (pip, about a minute). */
export async function findSchemathesis(): Promise<string> {
  const progress = reportProgress(process.stderr);
  const folder = cacheFolder(`schemathesis-${version}`);
  const program = join(folder, 'venv', 'bin', 'schemathesis');
  const installed = join(folder, 'installed');
  const fill = async (): Promise<void> => {
    if (existsSync(installed)) return;
    await progress.during(`Installing Schemathesis ${version} (once)`, () => install(join(folder, 'venv')));
    writeFileSync(installed, version);
  };
  await whileHolding(folder, fill, () => progress.say('Another process is installing Schemathesis; waiting for it'));
  return program;
}

async function install(venv: string): Promise<void> {
  const python = await findPython();
  await run(python, ['-m', 'venv', '--clear', venv]).catch((error: Error) => {
    throw new Error(`${python} cannot make a virtual environment (on Debian: apt install python3-venv)`, {
      cause: error,
    });
  });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `schemathesis==${version}`];
  await run(join(venv, 'bin', 'python'), pip, { timeout: 240_000 }).catch((error: Error) => {
    throw new Error(`pip could not install schemathesis==${version}; is a package index in reach?`, { cause: error });
  });
}

async function findPython(): Promise<string> {
  const isNewEnough = ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'];
  for (const name of ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python']) {
    const fits = await run(name, isNewEnough).then(
      () => true,
      () => false,
    );
    if (fits) return name;
  }
  throw new Error('The contract tests need Python 3.10 or newer on PATH: Schemathesis is a Python program');
}
