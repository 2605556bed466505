import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { addDays, dayMs, type Instant } from '../../src/renewal/calendar.ts';
import { planCase } from '../../src/renewal/case-plan.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';
import { daysBeforeT, shanghai } from '../support/given-plan.ts';
import { aComingCase, aHousehold, live } from './given-household.ts';

const dayNumber = fc.integer({ min: 0, max: 3_650 });
const policyNumber = fc.integer({ min: 1, max: 1_000_000 });

function aCase({ day, policy }: { day: number; policy: number }) {
  const expiresOn = addDays('2026-01-01', day);
  const openedAt = shanghai.instantOf(addDays(expiresOn, -60), 5 * 60);
  const read = aComingCase({ expiresOn, openedAt, id: `renewal.P${policy}.20260401` });
  return { read, openedAt, plan: planCase(read, defaultStagePlan, shanghai) };
}

describe('What is foreseen of one case of which nobody records anything', () => {
  test('is its plan: every stage and message at its instant, and its close', () => {
    fc.assert(
      fc.property(dayNumber, policyNumber, (day, policy) => {
        const { read, openedAt, plan } = aCase({ day, policy });
        const { happened } = live(aHousehold([read]), { now: openedAt - dayMs, until: plan.closesAt + 90 * dayMs });
        const at = (what: string): Instant[] => happened.filter((one) => one.what === what).map((one) => one.at);
        expect(at('stage-opened')).toEqual(plan.stages.map(({ opensAt }) => opensAt));
        expect(at('sent')).toEqual(plan.touches.flatMap(({ dueAt, channels }) => channels.map(() => dueAt)));
        expect(at('closed')).toEqual([plan.closesAt]);
      }),
    );
  });

  test('ends with its close: nothing is sent, given or opened after it', () => {
    fc.assert(
      fc.property(dayNumber, policyNumber, (day, policy) => {
        const { read, openedAt, plan } = aCase({ day, policy });
        const { happened, works } = live(aHousehold([read]), { now: openedAt, until: plan.closesAt + 90 * dayMs });
        expect([...happened, ...works].filter(({ at }) => at > plan.closesAt)).toEqual([]);
        expect(happened.at(-1)).toMatchObject({ what: 'closed', outcome: 'lost' });
      }),
    );
  });

  test('is the same in one long look as in the days of it that a shorter look covers', () => {
    fc.assert(
      fc.property(dayNumber, policyNumber, fc.integer({ min: 1, max: 62 }), (day, policy, days) => {
        const until = shanghai.instantOf(addDays(addDays('2026-01-01', day), -60 + days), 0);
        const one = aCase({ day, policy });
        const long = live(aHousehold([one.read]), { now: one.openedAt, until: one.plan.closesAt });
        const short = live(aHousehold([aCase({ day, policy }).read]), { now: one.openedAt, until });
        const whatOf = ({ happened }: typeof long) => happened.map(({ at, what }) => ({ at, what }));
        expect(whatOf(short)).toEqual(whatOf(long).filter(({ at }) => at <= until));
      }),
    );
  });
});

describe('What is foreseen of a case that another plan had taken back', () => {
  const lost = { state: 'dropped', assigneeId: null, droppedReason: 'stage-ended:follow-up', dueAt: daysBeforeT(43) };
  const callCentre = { ...lost, kind: 'call-centre-case', occasion: 'preparation', stage: 'preparation' } as const;
  const attempt = { ...lost, kind: 'phone-attempt', occasion: '2', stage: 'intensive-chase' } as const;

  test('is that it has its escalation again, and the later attempts of a stage to which it returns', () => {
    const now = daysBeforeT(44);
    const read = aComingCase({ expiresOn: '2027-03-31', openedAt: daysBeforeT(60), isComing: false });
    read.work.stage = 'preparation';
    read.facts.stage = 'preparation';
    const droppedReason = 'stage-ended:intensive-chase';
    const holder = read.work;
    read.work.tasks = [
      { ...callCentre, holder, role: 'call-centre' },
      { ...attempt, holder, role: 'agent', droppedReason },
    ];
    const { works } = live(aHousehold([read]), { now, until: daysBeforeT(29) });
    const given = works.flatMap((step) =>
      'work' in step ? step.work.map(({ kind, occasion }) => `${kind}/${occasion}`) : [],
    );
    expect(given).toEqual(expect.arrayContaining(['call-centre-case/preparation', 'phone-attempt/2']));
  });
});

describe('What is foreseen of the cases of one customer', () => {
  const openedAt = daysBeforeT(60, { minute: 5 * 60 });
  const span = { now: openedAt, until: daysBeforeT(-10) };
  const sentOn = ({ happened }: ReturnType<typeof live>) => happened.filter(({ what }) => what === 'sent');
  const unsent = ({ happened }: ReturnType<typeof live>) =>
    happened.flatMap((one) => (one.what === 'not-sent' ? [one.reason] : []));
  const anOpening = (id: string, plate: string) => aComingCase({ expiresOn: '2027-03-31', openedAt, id, plate });

  test('is one message for both covers of one vehicle', () => {
    const alone = live(aHousehold([anOpening('a', 'P1')]), span);
    const both = live(aHousehold([anOpening('a', 'P1'), anOpening('b', 'P1')]), span);
    expect(sentOn(both)).toHaveLength(sentOn(alone).length);
    expect(new Set(unsent(both))).toEqual(new Set(['companion-message']));
  });

  test('keeps to one touch a day for two vehicles, the second one goes on the next day', () => {
    const both = live(aHousehold([anOpening('a', 'P1'), anOpening('b', 'P2')]), { ...span, until: daysBeforeT(40) });
    const days = Map.groupBy(sentOn(both), ({ at }) => shanghai.dayOf(at));
    expect([...days].map(([day, sent]) => [day, new Set(sent.map((one) => one.of.id)).size])).toEqual([
      ['2027-01-30', 1],
      ['2027-01-31', 1],
    ]);
  });

  test.each([
    ['no consent for SMS', { smsConsent: false }, 'no-sms-consent'],
    ['a customer who opted out of e-mail', { emailOptedOutAt: new Date(0) }, 'email-opted-out'],
    ['no telephone number', { phone: null }, 'no-phone'],
  ])('drops messages for %s and says why', (_title, customer, reason) => {
    expect(new Set(unsent(live(aHousehold([anOpening('a', 'P1')], customer), span)))).toEqual(new Set([reason]));
  });

  test('is silence and no work towards somebody who refused contact', () => {
    const refused = { doNotContactUntil: new Date(daysBeforeT(-20)) };
    const { happened, works } = live(aHousehold([anOpening('a', 'P1')], refused), span);
    expect(happened.filter(({ what }) => what === 'sent' || what === 'escalated')).toEqual([]);
    expect(works.flatMap((one) => ('work' in one ? one.work : []))).toEqual([]);
  });

  test('pauses while nobody owns the case, which ends with the call centre', () => {
    const orphan = { orphanedAt: daysBeforeT(40), handedOffAt: daysBeforeT(36) };
    const read = aComingCase({ expiresOn: '2027-03-31', openedAt, ...orphan });
    const { happened } = live(aHousehold([read]), span);
    expect(happened.filter(({ what, at }) => what === 'sent' && at > orphan.orphanedAt)).toEqual([]);
    expect(happened.at(-1)).toMatchObject({ what: 'closed', outcome: 'orphan-handed-off', at: orphan.handedOffAt });
  });
});
