import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import type { Db } from '../../../src/db/connection.ts';
import { concessionAsks, concessions } from '../../../src/db/schema/concessions.ts';
import { contactResults } from '../../../src/db/schema/contact-results.ts';
import { fleets } from '../../../src/db/schema/fleets.ts';
import { handoverItems, handovers } from '../../../src/db/schema/handovers.ts';
import { importRejections, imports } from '../../../src/db/schema/imports.ts';
import { lossChecks } from '../../../src/db/schema/loss-checks.ts';
import { messages } from '../../../src/db/schema/messages.ts';
import { absences } from '../../../src/db/schema/organisation.ts';
import { policies } from '../../../src/db/schema/policies.ts';
import { renewals } from '../../../src/db/schema/renewals.ts';
import { staffMessages } from '../../../src/db/schema/staff-messages.ts';
import { suppressedAddresses } from '../../../src/db/schema/suppressed-addresses.ts';
import { aCase } from '../a-book.ts';

/** Where a set of things lies, and who there owns and manages it. */
export type Seed = {
  branchId: string;
  teamId: string;
  agentId: string;
  managerId: string;
  label: string;
  isOwn: boolean;
};

/** One case is undecided; the own hand-over has also offered one to the specialists and one to the call centre. */
export async function aHandover(db: Db, { branchId, teamId, label, isOwn }: Seed, agentId: string): Promise<string> {
  const id = uuidv7();
  const at = { dueAt: new Date('2030-06-01T01:00:00Z'), openedAt: new Date('2030-05-20T01:00:00Z') };
  await db.insert(handovers).values({ id, agentId, branchId, teamId, state: 'open', ...at });
  const channels = isOwn ? [null, 'cross-sales', 'call-centre'] : [null];
  for (const channel of channels) {
    const number = `${label}-orphan-${channel ?? 'undecided'}`;
    const renewalId = await aCase(db, { number, branchId, teamId, ownerId: null, orphanedAt: at.openedAt });
    const state = channel === null ? 'undecided' : 'offered';
    await db.insert(handoverItems).values({ handoverId: id, renewalId, state, channel });
  }
  return id;
}

export async function anAbsence(db: Db, staffId: string): Promise<string> {
  const id = uuidv7();
  const days = { fromOn: '2040-02-01', toOn: '2040-02-09' };
  await db.insert(absences).values({ id, staffId, ...days, recordedBy: 'admin', recordedAt: new Date() });
  return id;
}

export async function anImport(db: Db, { managerId, label }: Seed): Promise<string> {
  const id = uuidv7();
  const facts = { state: 'completed', fileName: `${label}.csv`, rejected: 1, requestedAt: new Date() };
  await db.insert(imports).values({ id, requestedBy: managerId, ...facts });
  const row = ['京A12345', 'LSVAM4187C2184847', '+8613800001234'];
  await db
    .insert(importRejections)
    .values({ id: uuidv7(), importId: id, line: 2, column: 'expiry', reason: 'is no date', row });
  return id;
}

/** Asked of the channel manager, who may decide on it. */
export async function aConcession(db: Db, { branchId, agentId }: Seed, renewalId: string): Promise<string> {
  const id = uuidv7();
  const asked = { askedAt: new Date('2030-05-20T01:00:00Z'), dueAt: new Date('2030-05-22T01:00:00Z') };
  const level = 'channel-manager';
  const facts = { percent: '9.00', step: 'part', reason: 'A rival offers less.', premium: '5480.00', ladderVersion: 0 };
  const request = { requestedBy: agentId, requestedAt: asked.askedAt, dueAt: asked.dueAt };
  await db.insert(concessions).values({ id, renewalId, branchId, ...facts, ...request, state: 'pending', level });
  await db.insert(concessionAsks).values({ concessionId: id, level, ...asked });
  return id;
}

export async function aLossCheck(db: Db, { branchId, agentId }: Seed, renewalId: string): Promise<string> {
  const id = uuidv7();
  const drawn = { month: '2030-04', seed: 'seed', lossReason: 'price', drawnAt: new Date('2030-05-02T01:00:00Z') };
  const dueAt = new Date('2030-05-09T01:00:00Z');
  await db.insert(lossChecks).values({ id, renewalId, branchId, agentId, ...drawn, dueAt, state: 'open' });
  return id;
}

export async function aResult(db: Db, { agentId }: Seed, renewalId: string): Promise<string> {
  const id = uuidv7();
  const facts = { kind: 'contact', state: 'applied', result: 'not-reached', stage: 'follow-up' };
  const recordedAt = new Date('2030-05-20T03:00:00Z');
  await db.insert(contactResults).values({ id, renewalId, ...facts, recordedBy: agentId, recordedAt });
  return id;
}

export async function aFleet(db: Db, { branchId, label }: Seed): Promise<string> {
  const id = `fleet:${branchId}:${label}`;
  await db.insert(fleets).values({ id, branchId, number: label, openedAt: new Date('2030-05-01T01:00:00Z') });
  return id;
}

/** Of which nobody can tell whether it went. */
export async function aMessage(db: Db, renewalId: string): Promise<string> {
  const id = uuidv7();
  const [row] = await db
    .select({ customerId: policies.customerId })
    .from(renewals)
    .innerJoin(policies, eq(policies.id, renewals.policyId))
    .where(eq(renewals.id, renewalId));
  const facts = { touch: 't-60', channel: 'sms', template: 'expiry-notice', state: 'unknown', reason: 'ETIMEDOUT' };
  const due = { dueAt: new Date('2030-05-01T01:30:00Z'), latestAt: new Date('2030-05-02T01:30:00Z') };
  const asked = { address: '+8613800001234', subject: '续保提醒', body: '王小明您好，您的车险即将到期。' };
  await db.insert(messages).values({ id, renewalId, customerId: row!.customerId, ...facts, ...due, ...asked });
  return id;
}

/** Of which nobody can tell whether it went. */
export async function aStaffMessage(db: Db, staffId: string): Promise<string> {
  const id = uuidv7();
  const due = { dueAt: new Date('2030-05-20T23:30:00Z'), latestAt: new Date('2030-05-21T10:00:00Z') };
  const attempt = { state: 'unknown', reason: 'ETIMEDOUT', attemptId: uuidv7(), claimedAt: due.dueAt };
  const what = { kind: 'morning-digest', day: '2030-05-21', channel: 'email' };
  await db.insert(staffMessages).values({ id, staffId, ...what, ...due, ...attempt });
  return id;
}

/** An address of its own, that a message of a case did not reach. */
export async function aSuppressedAddress(db: Db, messageId: string): Promise<string> {
  const id = uuidv7();
  const facts = { channel: 'email', address: `wang@example.com.${id}`, reason: 'no-such-address', code: '5.1.1' };
  await db.insert(suppressedAddresses).values({ id, ...facts, messageId, since: new Date('2030-05-02T01:30:00Z') });
  return id;
}
