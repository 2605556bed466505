import { uuidv7 } from 'uuidv7';
import { businessCalendar } from '../src/calendar/business-calendar.ts';
import { anchorClock } from '../src/db/business-clock.ts';
import { publishDefaultPlan } from '../src/db/cases/plan-records.ts';
import type { Db } from '../src/db/connection.ts';
import { customers } from '../src/db/schema/customers.ts';
import { messages } from '../src/db/schema/messages.ts';
import { branches, staff } from '../src/db/schema/organisation.ts';
import { policies } from '../src/db/schema/policies.ts';
import { renewals } from '../src/db/schema/renewals.ts';

export const calendar = businessCalendar('Asia/Shanghai');
export const touch = 't-15';
const today = '2027-03-16';
const atOnce = 500;

/** A branch, an agent and the clock at ten in the morning. */
export async function openBook(db: Db): Promise<void> {
  await publishDefaultPlan(db);
  await anchorClock(db, { businessAt: calendar.instantOf(today, 10 * 60), speed: 1 });
  await db.insert(branches).values({ id: 'B01', name: '济南分公司' });
  await db.insert(staff).values({ id: 'A1', name: '李四', roles: ['agent'], branchId: 'B01' });
}

/** Open cases, each of a customer of its own, with an SMS that is due now; answers their ids. */
export async function addDueMessages(db: Db, { count, from }: { count: number; from: number }): Promise<string[]> {
  const ids: string[] = [];
  for (let done = 0; done < count; done += atOnce) {
    const turns = Array.from({ length: Math.min(atOnce, count - done) }, (_, place) => from + done + place);
    const rows = turns.map(rowsOf);
    await db.insert(customers).values(rows.map(({ customer }) => customer));
    await db.insert(policies).values(rows.map(({ policy }) => policy));
    await db.insert(renewals).values(rows.map(({ renewal }) => renewal));
    await db.insert(messages).values(rows.map(({ message }) => message));
    ids.push(...rows.map(({ renewal }) => renewal.id));
  }
  return ids;
}

function rowsOf(turn: number) {
  const [customerId, policyId, messageId] = [uuidv7(), uuidv7(), uuidv7()];
  const renewalId = `renewal.${policyId}`;
  const term = { startsOn: '2026-04-01', expiresOn: '2027-03-31', termDays: 365, coverType: 'commercial' };
  const consent = { smsConsent: true, emailConsent: true, smsNoticeConsent: true, emailNoticeConsent: true };
  const dueAt = calendar.instantOf(today, 9 * 60 + 30);
  return {
    customer: {
      ...consent,
      id: customerId,
      key: customerId,
      name: '王芳',
      phone: `+86138${String(turn).padStart(8, '0')}`,
    },
    policy: {
      ...term,
      id: policyId,
      policyNumber: `P${turn}`,
      plate: `鲁A${turn}`,
      premium: '5418.68',
      branchId: 'B01',
      agentId: 'A1',
      customerId,
    },
    renewal: {
      id: renewalId,
      policyId,
      planVersion: 1,
      armedPlanVersion: 1,
      stage: 'intensive-chase',
      segment: 'claim-free',
      priority: 10,
      branchId: 'B01',
      ownerId: 'A1',
      expiresOn: term.expiresOn,
      openedAt: new Date(calendar.instantOf('2027-01-30', 9 * 60)),
    },
    message: {
      id: messageId,
      renewalId,
      customerId,
      touch,
      channel: 'sms',
      template: 'expiry-near',
      state: 'planned',
      dueAt: new Date(dueAt),
      latestAt: new Date(dueAt + 86_400_000),
    },
  };
}
