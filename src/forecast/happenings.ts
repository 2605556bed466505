import type { Instant } from '../renewal/calendar.ts';
import type { StageWork } from '../renewal/stage-work.ts';
import type { Channel, Stage } from '../renewal/stage-plan.ts';
import type { CaseOfWork } from './forecast-case.ts';

/** What changes the work of a case, in the order in which it happens; who gets it is decided over all cases. */
export type WorkStep = { at: Instant; of: CaseOfWork } & (
  | { step: 'stage'; stage: Stage; isKept: boolean; work: readonly StageWork[]; escalated?: StageWork }
  | { step: 'give'; work: readonly StageWork[] }
  | { step: 'owner-leaves' }
  | { step: 'close' }
);

/** What a case does by itself, besides its work. */
export type Happening = { at: Instant; of: CaseOfWork } & (
  | { what: 'sent'; channel: Channel }
  | { what: 'not-sent'; channel: Channel; reason: string }
  | { what: 'stage-opened'; stage: Stage }
  | { what: 'escalated'; to: string }
  | { what: 'case-opened' }
  | { what: 'closed'; outcome: string }
);

/** Where a case tells what happens to it. */
export type Log = { happened: (happening: Happening) => void; works: (step: WorkStep) => void };
