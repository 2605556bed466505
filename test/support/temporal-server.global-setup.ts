import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePort } from '../../src/stack/ports.ts';
import { reportProgress } from '../../src/stack/progress.ts';
import { findTemporalBinary } from '../../src/stack/temporal-binary.ts';
import { startTemporalServer } from '../../src/stack/temporal-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    temporalAddress: string;
  }
}

/** Starts one development server in memory for the project. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'xubao-test-temporal-'));
  const binary = await findTemporalBinary(process.env['XUBAO_TEMPORAL_BINARY'], reportProgress(process.stderr));
  const port = await freePort();
  const running = await startTemporalServer({
    binary,
    port,
    uiPort: await freePort(),
    logFile: join(folder, 'temporal.log'),
  });
  project.provide('temporalAddress', `127.0.0.1:${port}`);
  return async () => {
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
