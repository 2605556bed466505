import { z } from 'zod';
import { at, id, paging, staffId } from './basics.ts';
import { planNumber } from './stage-plans.ts';

export const rolloutId = z.strictObject({ id });

const state = z.enum(['running', 'paused', 'completed', 'superseded']);
const count = z.number().int().min(0);

export const rolloutFilters = z.strictObject({
  state: state.optional(),
  planVersion: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
  ...paging,
});

export const rolloutPage = z
  .strictObject({
    id,
    planVersion: planNumber.meta({ example: 2 }),
    state: state.meta({ description: 'superseded: a newer plan of the same scope was published' }),
    nudgesPerSecond: z.number().int().meta({ description: 'How many workflows a second are told' }),
    total: count.meta({ description: 'Open cases that had to follow when it began; 0 before that' }),
    looked: count.meta({ description: 'Cases it came to' }),
    followed: count.meta({ description: 'Cases that it found open and behind' }),
    nudged: count.meta({ description: 'Workflows that would have slept too long and were told' }),
    minutesLeft: count.nullable().meta({ description: 'By the pace and by who had to be told so far; null once over' }),
    startedBy: staffId,
    startedAt: at,
    pausedBy: staffId.nullable(),
    finishedAt: at.nullable(),
  })
  .meta({ id: 'Rollout' });
