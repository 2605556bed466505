import { fileURLToPath } from 'node:url';
import type { BundleOptions } from '@temporalio/worker';

const short = fileURLToPath(new URL('a-short-history.ts', import.meta.url));

/** A bundle whose cases go on in a new run after a few events. */
export const shortHistories: Partial<BundleOptions> = {
  webpackConfigHook: ({ resolve, ...config }) => ({
    ...config,
    resolve: { ...resolve, alias: Object.assign({}, resolve?.alias, { './long-history.ts$': short }) },
  }),
};
