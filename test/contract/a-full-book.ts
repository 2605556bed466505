import { publishDefaultPlan } from '../../src/db/cases/plan-records.ts';
import { staff } from '../../src/db/schema/organisation.ts';
import { addDays } from '../../src/renewal/calendar.ts';
import { aPolicy, seedOrganisation } from '../api/a-book.ts';
import { aLossCheck } from '../api/authorisation/seeds.ts';
import type { RunningApi } from '../api/running-api.ts';

const daysLeft = { preparation: 58, 'follow-up': 40, 'intensive-chase': 20, 'wrap-up': 5 };
const closing = ['cover-read-back', 'exclusions-read', 'papers-told-once', 'payment-before-issue'];
const results = [
  { result: 'confirmed' },
  { result: 'quoted' },
  { result: 'considering' },
  { result: 'promised' },
  { result: 'not-reached' },
  { result: 'declined', lossReason: 'price', rival: 'Other', rivalPremium: '4800.00' },
  { result: 'refused-contact' },
  { result: 'renewed', newPolicyNumber: 'NEXT', closing },
];
const leavers = ['north-goes', 'north-went'];

/**
 * A book with cases in every stage and of every owner, results of most kinds, running second rounds, closed cases, an agent
 * whose hand-over waits for its decision and one whose cases were offered to the call centre.
 */
export async function fillBook(api: RunningApi, today: string): Promise<void> {
  await seedOrganisation(api.db);
  await publishDefaultPlan(api.db);
  const place = { branchId: 'north', teamId: 'north-team' };
  await api.db.insert(staff).values(leavers.map((id) => ({ id, name: id, roles: ['agent'], ...place })));
  for (const [stage, days] of Object.entries(daysLeft)) {
    for (const [turn] of results.entries()) await addPolicy(api, { number: `${stage}-${turn}`, days, today });
    await addPolicy(api, { number: `${stage}-south`, days, today, branchId: 'south', agentId: 'south-agent' });
    await addPolicy(api, { number: `${stage}-fleet`, days, today, fleetNumber: 'TD-1' });
    for (const agentId of leavers) await addPolicy(api, { number: `${stage}-${agentId}`, days, today, agentId });
  }
  await mustBe(200, api.as('admin').post('/v1/intake', {}));
  await recordResults(api);
  await askForMore(api);
  await letAgentsGo(api, today);
  for (const person of ['admin', 'north-manager']) await mustBe(202, api.as(person).post('/v1/imports', aList()));
}

const header = '保单号,险种,被保险人,保险起期,保险止期,上年保费,机构代码,备注';
const rejected = 'PDAA000000000000000002,商业险,李小红,2029-07-01,not a date,5480.00,north,=1+1';

function aList(): FormData {
  const list = new FormData();
  list.set('file', new File([`${header}\n${rejected}\n`], 'list.csv'));
  return list;
}

type PolicyFacts = {
  number: string;
  days: number;
  today: string;
  branchId?: string;
  agentId?: string;
  fleetNumber?: string;
};

async function addPolicy({ db }: RunningApi, { number, days, today, ...facts }: PolicyFacts): Promise<void> {
  const branchId = facts.branchId ?? 'north';
  await aPolicy(db, {
    number,
    startsOn: addDays(today, days - 365),
    expiresOn: addDays(today, days),
    branchId,
    agentId: facts.agentId ?? 'north-agent',
    ...(facts.fleetNumber ? { fleetNumber: facts.fleetNumber } : {}),
    supervisorId: `${branchId}-lead`,
    specialistId: `${branchId}-specialist`,
    plate: `P${number}`,
    vin: number.padEnd(17, '0').slice(0, 17),
  });
}

async function recordResults(api: RunningApi): Promise<void> {
  const agent = api.as('north-agent');
  for (const stage of Object.keys(daysLeft)) {
    for (const [turn, result] of results.entries()) {
      const { body } = await agent.get(`/v1/renewals?policyNumber=${stage}-${turn}`);
      const path = `/v1/renewals/${body.items[0].id}/results`;
      await mustBe(
        201,
        agent.post(path, 'newPolicyNumber' in result ? { ...result, newPolicyNumber: `N-${stage}` } : result),
      );
    }
  }
}

/** Concessions that somebody else decides on, leave, and a lost case that is called back. */
async function askForMore(api: RunningApi): Promise<void> {
  for (const stage of Object.keys(daysLeft)) {
    const { body } = await api.as('north-agent').get(`/v1/renewals?policyNumber=${stage}-1`);
    const asked = { percent: 9, reason: 'A rival offers less.' };
    await mustBe(201, api.as('north-agent').post(`/v1/renewals/${body.items[0].id}/concessions`, asked));
  }
  const leave = { fromOn: '2040-02-01', toOn: '2040-02-09' };
  await mustBe(201, api.as('north-lead').post('/v1/staff/north-peer/absences', leave));
  const declined = await api.as('admin').get('/v1/renewals?policyNumber=wrap-up-5');
  const [{ id: lost }] = declined.body.items as [{ id: string }];
  const confirmed = { outcome: 'confirmed-lost', note: 'Has bought elsewhere.' };
  await mustBe(201, api.as('north-lead').post(`/v1/renewals/${lost}/second-round`, confirmed));
  const place = { branchId: 'north', teamId: 'north-team', agentId: 'north-agent', managerId: 'north-manager' };
  const seed = { ...place, label: 'book', isOwn: true };
  await aLossCheck(api.db, seed, lost);
}

async function letAgentsGo(api: RunningApi, today: string): Promise<void> {
  const lead = api.as('north-lead');
  for (const agentId of leavers) {
    const left = await mustBe(202, lead.post(`/v1/staff/${agentId}/departure`, { effectiveOn: today }));
    if (agentId === leavers[0]) continue;
    await mustBe(
      200,
      lead.post(`/v1/handovers/${left.body.id}/decision`, { decision: 'offer', channel: 'call-centre' }),
    );
  }
}

async function mustBe<Answer extends { status: number; body: unknown }>(
  status: number,
  asked: Promise<Answer>,
): Promise<Answer> {
  const answer = await asked;
  if (answer.status !== status) throw new Error(`Expected ${status}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
