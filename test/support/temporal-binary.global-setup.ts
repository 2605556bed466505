import { reportProgress } from '../../src/stack/progress.ts';
import { findTemporalBinary } from '../../src/stack/temporal-binary.ts';

/** Builds or fetches Temporal before the first test runs, so that no test waits for it. */
export async function setup(): Promise<void> {
  await findTemporalBinary(process.env['XUBAO_TEMPORAL_BINARY'], reportProgress(process.stderr));
}
