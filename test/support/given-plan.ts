import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { addDays, type Day, type Instant } from '../../src/renewal/calendar.ts';
import { planCase, type CasePlan } from '../../src/renewal/case-plan.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { type StagePlan } from '../../src/renewal/stage-plan.ts';

export const shanghai = businessCalendar('Asia/Shanghai');

/** Without a spread every planned instant of a case is 09:00 of its day. */
export const unspread: StagePlan = { ...defaultStagePlan, spreadMinutes: 0 };

/** The default plan of a policy that expires on a day, in Shanghai and without a spread. */
export function aPlan({ expiresOn }: { expiresOn: Day } = { expiresOn: '2027-03-31' }): CasePlan {
  return planCase({ expiresOn, spreadKey: 'any' }, unspread, shanghai);
}

/** The instant so many days before T at a minute of that day; negative days lie after T. */
export function daysBeforeT(days: number, { expiresOn = '2027-03-31', minute = 9 * 60 } = {}): Instant {
  return shanghai.instantOf(addDays(expiresOn, -days), minute);
}
