import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, createWriteStream, existsSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cacheFolder, whileHolding } from './cache-folder.ts';
import type { Progress } from './progress.ts';

// The newest tag that `go install` accepts: later ones have a replace directive in their go.mod.
const version = '1.5.1';
const goPackage = `github.com/temporalio/cli/cmd/temporal@v${version}`;
const connectMs = 4_000;
const stallMs = 15_000;

/** The Temporal CLI: named in the settings, on PATH, in our cache, downloaded, or built with Go (about four minutes, once). */
export async function findTemporalBinary(
  named: string | undefined,
  progress: Progress,
  signal?: AbortSignal,
): Promise<string> {
  if (named) return checkNamed(resolve(named));
  const onPath = findOnPath('temporal');
  if (onPath) return onPath;
  const folder = cacheFolder(`temporal-cli-${version}`);
  const cached = join(folder, 'temporal');
  if (existsSync(cached)) return cached;
  const fill = async (): Promise<string> => {
    if (existsSync(cached)) return cached;
    if (!(await download(folder, cached, progress))) await build(folder, cached, { progress, signal });
    return cached;
  };
  return whileHolding(folder, fill, () => progress.say('Another process is fetching Temporal; waiting for it'));
}

function checkNamed(path: string): string {
  if (existsSync(path) && statSync(path).isFile()) return path;
  throw new Error(`XUBAO_TEMPORAL_BINARY names ${path}, which is not a file`);
}

function findOnPath(name: string): string | undefined {
  const candidates = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  return candidates.find(
    (path) => existsSync(path) && spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0,
  );
}

async function download(folder: string, target: string, progress: Progress): Promise<boolean> {
  const system = { x64: 'amd64', arm64: 'arm64' }[arch() as 'x64'];
  const url = `https://temporal.download/cli/archive/v${version}?platform=${platform()}&arch=${system}`;
  const temporary = mkdtempSync(join(folder, 'download-'));
  try {
    const archive = join(temporary, 'temporal.tar.gz');
    await progress.during(`Downloading Temporal ${version} (once)`, () => fetchFile(url, archive));
    const unpacked = spawnSync('tar', ['-xzf', archive, '-C', temporary, 'temporal'], { encoding: 'utf8' });
    if (unpacked.status !== 0) throw new Error(unpacked.stderr);
    chmodSync(join(temporary, 'temporal'), 0o755);
    renameSync(join(temporary, 'temporal'), target);
    return true;
  } catch (error) {
    progress.say(`The official download of Temporal is out of reach (${reasonOf(error)}); building it with Go instead`);
    return false;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function fetchFile(url: string, path: string): Promise<void> {
  const patience = new AbortController();
  const giveUp = (): void => patience.abort(new Error('no answer in time'));
  let timer = setTimeout(giveUp, connectMs);
  try {
    const answer = await fetch(url, { signal: patience.signal });
    if (!answer.ok || !answer.body) throw new Error(`answer ${answer.status}`);
    const body = Readable.fromWeb(answer.body);
    body.on('data', () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, stallMs);
    });
    await pipeline(body, createWriteStream(path), { signal: patience.signal });
  } finally {
    clearTimeout(timer);
  }
}

type Watching = { progress: Progress; signal: AbortSignal | undefined };

async function build(folder: string, target: string, { progress, signal }: Watching): Promise<void> {
  const go = findGo();
  const temporary = mkdtempSync(join(folder, 'build-'));
  const state = { lines: 0, last: '', signal };
  const detail = (): string => (state.lines === 0 ? '' : `(${state.lines} steps, now ${state.last})`);
  try {
    const title = 'Building Temporal with Go, once; about four minutes';
    await progress.during(title, () => runGo(go, temporary, state), detail);
    renameSync(join(temporary, 'temporal'), target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function findGo(): string {
  const places = ['go', '/usr/local/go/bin/go', '/opt/homebrew/bin/go'];
  const go = places.find((place) => spawnSync(place, ['version'], { stdio: 'ignore' }).status === 0);
  if (go) return go;
  throw new Error(
    'Temporal could not be downloaded, and there is no Go to build it with. Install the Temporal CLI (https://docs.temporal.io/cli) ' +
      'or Go (https://go.dev/dl), or name a binary in XUBAO_TEMPORAL_BINARY.',
  );
}

type BuildState = { lines: number; last: string; signal: AbortSignal | undefined };

function runGo(go: string, folder: string, state: BuildState): Promise<void> {
  return new Promise((settle, reject) => {
    const building = spawn(go, ['install', '-v', goPackage], {
      env: { ...process.env, GOBIN: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(state.signal ? { signal: state.signal } : {}),
    });
    let said = '';
    building.stderr.on('data', (chunk: Buffer) => {
      const lines = chunk.toString().trimEnd().split('\n');
      said = (said + chunk.toString()).slice(-4_000);
      state.lines += lines.length;
      state.last = (lines.at(-1) ?? '').replace(/^go: /, '');
    });
    building.once('error', reject);
    building.once('exit', (code) => {
      if (code === 0) settle();
      else reject(new Error(`go install ${goPackage} failed:\n${said}`));
    });
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
