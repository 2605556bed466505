import { z } from 'zod';
import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { lossReasons } from '../renewal/loss.ts';
import { lossCuts, readLossCounts } from '../reporting/loss-reasons.ts';
import { periodOf } from './period.ts';
import { route, type Route } from './doors/route.ts';
import { day } from './schemas/basics.ts';

const query = z.strictObject({
  from: day.optional().meta({ description: 'First expiry day; default the first of the month' }),
  to: day.optional().meta({ description: 'Last expiry day; default the last of the month' }),
  by: z.enum(lossCuts).default('reason'),
});

const lossReport = z
  .strictObject({
    from: day,
    to: day,
    by: z.enum(lossCuts),
    lost: z.number().int(),
    items: z.array(
      z.strictObject({
        cut: z
          .string()
          .nullable()
          .meta({ description: 'The agent, branch or segment; null for all, or without an owner' }),
        reason: z.enum(lossReasons),
        renewable: z.boolean().meta({ description: 'false: outside the renewal rate' }),
        cases: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'LossReasonReport' });

export function lossReasonRoute({ db, calendar }: { db: Db; calendar: Calendar }): Route {
  return route({
    method: 'get',
    path: '/v1/reports/loss-reasons',
    summary: 'Why cases were lost that expire in a period',
    description: 'Of the cases you see: a trainer those of the own team.',
    tag: 'reports',
    roles: ['channel-manager', 'general-manager', 'admin', 'auditor', 'trainer'],
    query,
    answers: { 200: { description: 'Counts by reason', schema: lossReport } },
    handle: async ({ person, query: { by, ...asked } }) => {
      const period = periodOf(asked, calendar.dayOf((await readClock(db)).now));
      const items = await readLossCounts(db, person, { ...period, by });
      const lost = items.reduce((sum, { cases }) => sum + cases, 0);
      return { status: 200, body: { ...period, by, lost, items } };
    },
  });
}
