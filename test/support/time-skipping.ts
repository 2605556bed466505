import { TestWorkflowEnvironment } from '@temporalio/testing';
import { inject } from 'vitest';

/** A server whose time skips while a result is awaited or `env.sleep` runs; always call `env.teardown()`. */
export function createTimeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  return TestWorkflowEnvironment.createTimeSkipping({ server: { executable: inject('timeSkippingServer') } });
}
