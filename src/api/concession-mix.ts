import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { readConcessionMix } from '../reporting/concession-mix.ts';
import { periodOf } from './period.ts';
import { route, type Route } from './doors/route.ts';
import { mixFilters, mixReport } from './schemas/concessions.ts';

export function concessionMixRoute({ db, calendar }: { db: Db; calendar: Calendar }): Route {
  return route({
    method: 'get',
    path: '/v1/reports/concession-mix',
    summary: 'How the budget of concessions stands',
    description:
      'Customers whose renewable cases expire in the period, by the highest concession approved for them: five bands of 20 % keep the mean at 9.0 %. What a higher band does not use, a lower one may.',
    tag: 'reports',
    roles: ['channel-manager', 'general-manager', 'admin', 'auditor'],
    query: mixFilters,
    answers: { 200: { description: 'The bands, as they stand now', schema: mixReport } },
    handle: async ({ person, query: { branchId, ...asked } }) => {
      const today = calendar.dayOf((await readClock(db)).now);
      const period = periodOf(asked, today);
      const report = await readConcessionMix(db, person, { ...period, branchId });
      return { status: 200, body: { ...period, branchId: branchId ?? null, ...report } };
    },
  });
}
