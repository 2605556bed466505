import type { TemporalConnection } from '../../src/cases/connect.ts';

/** A Temporal that takes every signal and starts nothing, for tests that look at the books only. */
export const silentTemporal = {
  client: {
    withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
    workflow: { signalWithStart: async () => {} },
  },
  close: async () => {},
} as unknown as TemporalConnection;
