import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';

/** The SDK gives the server five seconds to come up, which a crowded machine may need for Java alone. */
const tries = 4;

/** A server whose time skips while a result is awaited or `env.sleep` runs; always call `env.teardown()`. */
export async function createTimeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  for (let left = tries - 1; left > 0; left -= 1) {
    try {
      return await start();
    } catch (error) {
      if (!String(error).includes('did not start within')) throw error;
    }
  }
  return start();
}

function start(): Promise<TestWorkflowEnvironment> {
  return TestWorkflowEnvironment.createTimeSkipping({ server: { executable: inject('timeSkippingServer') } });
}
