import { uuidv7 } from 'uuidv7';
import type { Db } from '../../../src/db/connection.ts';
import { handoverItems, handovers } from '../../../src/db/schema/handovers.ts';
import { importRejections, imports } from '../../../src/db/schema/imports.ts';
import { absences, branches, staff, teams } from '../../../src/db/schema/organisation.ts';
import type { Role } from '../../../src/db/staff-records.ts';
import { aCase, aPolicy, aTask, seedOrganisation } from '../a-book.ts';

/** Whose a thing is, seen from somebody of north's first team. */
export const places = ['own', 'same', 'other'] as const;
export type Place = (typeof places)[number];
export type Where = Place | 'unknown';

export const things = [
  ...(['renewal', 'task', 'hand-over', 'person', 'absence', 'branch', 'team', 'import'] as const),
  'left-out-policy',
] as const;
export type Thing = (typeof things)[number];

/** The id of each thing: one of one's own, one of the same branch, one of another branch, and one that is not there. */
export type Things = Record<Thing, Record<Where, string>>;

/** Who asks: one person per role, all of north. */
export const askers: Record<Role, string> = {
  agent: 'north-agent',
  specialist: 'north-specialist',
  supervisor: 'north-lead',
  'call-centre': 'north-caller',
  'channel-manager': 'north-manager',
  'general-manager': 'north-director',
  admin: 'admin',
  auditor: 'auditor',
  'core-system': 'core-system',
  trainer: 'north-trainer',
};

/** Two branches; north has a branch below it and a second team, of which north's first team sees nothing. */
export async function seedBranches(db: Db): Promise<void> {
  await seedOrganisation(db);
  const north = { branchId: 'north' };
  await db.insert(branches).values({ id: 'north-yard', name: 'North yard', parentId: 'north' });
  await db.insert(teams).values({ id: 'second-team', ...north, supervisorId: 'second-lead' });
  await db.insert(staff).values([
    { id: 'north-director', name: 'north-director', roles: ['general-manager'], ...north },
    { id: 'north-deputy', name: 'north-deputy', roles: ['channel-manager'], ...north },
    { id: 'second-lead', name: 'second-lead', roles: ['supervisor'], ...north, teamId: 'second-team' },
    { id: 'second-agent', name: 'second-agent', roles: ['agent'], ...north, teamId: 'second-team' },
  ]);
}

type Corner = { branchId: string; teamId: string; agentId: string; managerId: string };

const corners: Record<Place, Corner> = {
  own: { branchId: 'north', teamId: 'north-team', agentId: 'north-agent', managerId: 'north-manager' },
  same: { branchId: 'north', teamId: 'second-team', agentId: 'second-agent', managerId: 'north-deputy' },
  other: { branchId: 'south', teamId: 'south-team', agentId: 'south-agent', managerId: 'south-manager' },
};

/** A set of things of its own, so that what one request changes is nothing to the next. */
export async function seedThings(db: Db, label: string): Promise<Things> {
  const [own, same, other] = await Promise.all(
    places.map((place) => seedCorner(db, { ...corners[place], label: `${label}-${place}`, isOwn: place === 'own' })),
  );
  const of = (thing: Thing): Record<Where, string> => ({
    own: own![thing],
    same: same![thing],
    other: other![thing],
    unknown: unknownOf[thing],
  });
  return Object.fromEntries(things.map((thing) => [thing, of(thing)])) as Things;
}

const unknownId = '019a8f0e-5f5c-7c52-8f6e-0f5c2a4b9d10';
const unknownOf: Record<Thing, string> = {
  renewal: 'renewal.NOWHERE.20290701',
  task: unknownId,
  'hand-over': unknownId,
  person: 'nobody',
  absence: unknownId,
  branch: 'nowhere',
  team: 'nowhere',
  import: unknownId,
  'left-out-policy': unknownId,
};

type Seed = Corner & { label: string; isOwn: boolean };

async function seedCorner(db: Db, seed: Seed): Promise<Record<Thing, string>> {
  const { branchId, teamId, agentId, label, isOwn } = seed;
  // Only the own case has gone to the call centre, which sees nothing else.
  const callCentreSince = isOwn ? new Date('2030-05-20T01:00:00Z') : null;
  const renewal = await aCase(db, { number: label, branchId, teamId, ownerId: agentId, callCentreSince });
  const place = { renewalId: renewal, branchId, teamId };
  const task = await aTask(db, { ...place, kind: 'first-contact', role: 'agent', assigneeId: agentId });
  const person = `person-${label}`;
  await db.insert(staff).values({ id: person, name: person, roles: ['agent'], branchId, teamId });
  const [handover, absence, imported, leftOut] = await Promise.all([
    aHandover(db, seed, person),
    anAbsence(db, person),
    anImport(db, seed),
    aPolicy(db, { number: `${label}-left-out`, branchId, leftOutReason: 'cancelled' }),
  ]);
  const branch = isOwn ? 'north' : branchId === 'north' ? 'north-yard' : branchId;
  const wider = { branch, team: teamId, 'left-out-policy': leftOut };
  return { renewal, task, person, 'hand-over': handover, absence, import: imported, ...wider };
}

/** One case is undecided; the own hand-over has also offered one to the specialists and one to the call centre. */
async function aHandover(db: Db, { branchId, teamId, label, isOwn }: Seed, agentId: string): Promise<string> {
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

async function anAbsence(db: Db, staffId: string): Promise<string> {
  const id = uuidv7();
  const days = { fromOn: '2040-02-01', toOn: '2040-02-09' };
  await db.insert(absences).values({ id, staffId, ...days, recordedBy: 'admin', recordedAt: new Date() });
  return id;
}

async function anImport(db: Db, { managerId, label }: Seed): Promise<string> {
  const id = uuidv7();
  const facts = { state: 'completed', fileName: `${label}.csv`, rejected: 1, requestedAt: new Date() };
  await db.insert(imports).values({ id, requestedBy: managerId, ...facts });
  const row = ['京A12345', 'LSVAM4187C2184847', '+8613800001234'];
  await db
    .insert(importRejections)
    .values({ id: uuidv7(), importId: id, line: 2, column: 'expiry', reason: 'is no date', row });
  return id;
}
