import type { TaskKind } from './task.ts';

/** Work that only makes sense in its own stage; file check and acceptance stay until the case closes. */
export const workOfOneStage: readonly TaskKind[] = [
  'indicative-quote',
  'first-contact',
  'firm-quote',
  'phone-attempt',
  'key-client-visit',
  'second-visit',
  'last-offer',
];
