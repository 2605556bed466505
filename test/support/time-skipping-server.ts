import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join, resolve } from 'node:path';
import { cacheFolder, whileHolding } from '../../src/stack/cache-folder.ts';
import type { Progress } from '../../src/stack/progress.ts';

export type TimeSkippingExecutable =
  { type: 'existing-path'; path: string } | { type: 'cached-download'; downloadDir: string };

const version = '1.38.0';
const mainClass = 'io.temporal.testserver.TestServer';

/** The time-skipping server: named in XUBAO_TEST_SERVER, in our cache, by the SDK's download, or from Maven's artifacts. */
export async function findTimeSkippingServer(progress: Progress): Promise<TimeSkippingExecutable> {
  const named = process.env['XUBAO_TEST_SERVER'];
  if (named) return { type: 'existing-path', path: resolve(named) };
  const folder = cacheFolder(`temporal-test-server-${version}`);
  const script = join(folder, 'temporal-test-server');
  return whileHolding(folder, async () => {
    if (existsSync(script)) return { type: 'existing-path', path: script };
    if (await isDownloadInReach()) return { type: 'cached-download', downloadDir: folder };
    await progress.during('Fetching the time-skipping Temporal test server from Maven (once)', () =>
      fetchFromMaven(folder),
    );
    writeScript(folder, script);
    return { type: 'existing-path', path: script };
  });
}

async function isDownloadInReach(): Promise<boolean> {
  const facts = { platform: platform(), arch: arch() === 'x64' ? 'amd64' : arch(), format: 'tar.gz' };
  const url = `https://temporal.download/temporal-test-server/default?${new URLSearchParams(facts).toString()}`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(4_000) });
    const { archiveUrl } = (await answer.json()) as { archiveUrl: string };
    return (await fetch(archiveUrl, { method: 'HEAD', signal: AbortSignal.timeout(4_000) })).ok;
  } catch {
    return false;
  }
}

async function fetchFromMaven(folder: string): Promise<void> {
  for (const program of ['java', 'mvn']) {
    if (spawnSync(program, ['-version'], { stdio: 'ignore' }).status === 0) continue;
    throw new Error(
      `The time-skipping tests need ${program}, because the Temporal test server could not be downloaded`,
    );
  }
  const temporary = mkdtempSync(join(folder, 'fetch-'));
  try {
    mkdirSync(join(temporary, 'lib'));
    writeFileSync(join(temporary, 'pom.xml'), pom);
    await maven(temporary);
    rmSync(join(folder, 'lib'), { recursive: true, force: true });
    renameSync(join(temporary, 'lib'), join(folder, 'lib'));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>xubao</groupId><artifactId>time-skipping-server</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`;

function maven(folder: string): Promise<void> {
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${join(folder, 'lib')}`];
  return new Promise((settle, reject) => {
    const copying = spawn('mvn', ['-q', '-B', '-f', join(folder, 'pom.xml'), ...goal], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    const listen = (chunk: Buffer): string => (said = (said + chunk.toString()).slice(-4_000));
    copying.stdout.on('data', listen);
    copying.stderr.on('data', listen);
    copying.once('error', reject);
    copying.once('exit', (code) => (code === 0 ? settle() : reject(new Error(`mvn failed (${code}):\n${said}`))));
  });
}

function writeScript(folder: string, script: string): void {
  const java = `java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '${join(folder, 'lib')}/*' ${mainClass}`;
  writeFileSync(`${script}.new`, `#!/bin/sh\nexec ${java} "$@" 2>/dev/null\n`);
  chmodSync(`${script}.new`, 0o755);
  renameSync(`${script}.new`, script);
}
