import type { ForecastCase, Household } from '../../src/forecast/forecast-case.ts';
import type { Happening, WorkStep } from '../../src/forecast/happenings.ts';
import { liveHousehold } from '../../src/forecast/live-household.ts';
import { quickCalendar } from '../../src/renewal/quick-calendar.ts';
import { addDays, type Day, type Instant } from '../../src/renewal/calendar.ts';
import { defaultSettings } from '../../src/renewal/settings.ts';
import type { StagePlan } from '../../src/renewal/stage-plan.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { shanghai } from '../support/given-plan.ts';

type CaseFacts = Partial<Omit<ForecastCase, 'work'>> & { expiresOn: Day; id?: string; openedAt: Instant };

/** A case that intake opens; its agent is A1, its specialist X1, its supervisor S1. */
export function aComingCase({ id = 'renewal.P1.20260401', expiresOn, ...facts }: CaseFacts): ForecastCase {
  const place = { branchId: 'B01', teamId: 'T1', fleetId: null, ownerId: 'A1', specialistId: 'X1', supervisorId: 'S1' };
  const nothingYet = { resultCounted: false, confirmed: false, refusedContact: false, escalated: false };
  return {
    work: { ...place, id, expiresOn, stage: null, isClosed: false, tasks: [] },
    expiresOn,
    spreadKey: id,
    segment: 'claim-free',
    plate: id,
    vin: null,
    isComing: true,
    stageOpenedAt: null,
    stageEndsAt: null,
    handedOut: false,
    callCentreSince: null,
    facts: { ...nothingYet, attempts: 0, minimumAttempts: 3, owned: true },
    armedPlan: 0,
    fleetReachedAt: null,
    orphanedAt: null,
    handedOffAt: null,
    messages: [],
    ...facts,
  };
}

/** A customer who may be written to on both channels. */
export function aHousehold(cases: ForecastCase[], customer: Partial<Household['customer']> = {}): Household {
  const reachable = { phone: '+8613800000001', email: 'wang@example.com', smsConsent: true, emailConsent: true };
  const noticed = { smsNoticeConsent: true, emailNoticeConsent: true };
  const silent = { smsOptedOutAt: null, emailOptedOutAt: null, doNotContactUntil: null, tier: null, timeZone: null };
  const holder = {
    id: 'K1',
    key: 'K1',
    name: '王芳',
    language: 'zh-CN',
    ...reachable,
    ...noticed,
    ...silent,
    ...customer,
  };
  return { customer: holder, suppressed: [], cases, sent: [], contacts: [] };
}

/** Lets a household live from one instant to another and answers everything that happened. */
export function live(
  household: Household,
  span: { now: Instant; until: Instant },
  plan: StagePlan = defaultStagePlan,
): { happened: Happening[]; works: WorkStep[] } {
  const happened: Happening[] = [];
  const works: WorkStep[] = [];
  const from = shanghai.dayOf(span.now);
  liveHousehold(household, span, {
    calendar: quickCalendar(shanghai, addDays(from, -10), addDays(shanghai.dayOf(span.until), 100)),
    settings: { quietHours: defaultSettings['quiet-hours'], caps: defaultSettings.caps },
    log: { happened: (one) => void happened.push(one), works: (one) => void works.push(one) },
    planOf: () => ({ version: 1, plan }),
  });
  return { happened, works };
}
