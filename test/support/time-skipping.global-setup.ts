import type { TestProject } from 'vitest/node';
import { reportProgress } from '../../src/stack/progress.ts';
import { findTimeSkippingServer, type TimeSkippingExecutable } from './time-skipping-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    timeSkippingServer: TimeSkippingExecutable;
  }
}

/** Finds or fetches the server before the first test runs, so that no test waits for a download. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('timeSkippingServer', await findTimeSkippingServer(reportProgress(process.stderr)));
}
