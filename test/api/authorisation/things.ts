import type { Db } from '../../../src/db/connection.ts';
import { branches, staff, teams } from '../../../src/db/schema/organisation.ts';
import type { Role } from '../../../src/db/staff/staff-records.ts';
import { aCase, aPolicy, aTask, seedOrganisation } from '../a-book.ts';
import {
  aConcession,
  aFleet,
  aHandover,
  aLossCheck,
  anAbsence,
  anImport,
  aMessage,
  aResult,
  aStaffMessage,
  aSuppressedAddress,
  type Seed,
} from './seeds.ts';

/** Whose a thing is, seen from somebody of north's first team. */
export const places = ['own', 'same', 'other'] as const;
type Place = (typeof places)[number];
export type Where = Place | 'unknown';

const things = [
  ...(['renewal', 'task', 'hand-over', 'person', 'absence', 'branch', 'team', 'import'] as const),
  ...(['left-out-policy', 'concession', 'loss-check', 'result', 'fleet', 'message'] as const),
  ...(['staff-message', 'suppressed-address'] as const),
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

type Corner = Pick<Seed, 'branchId' | 'teamId' | 'agentId' | 'managerId'>;

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
  concession: unknownId,
  'loss-check': unknownId,
  result: unknownId,
  fleet: 'fleet:north:NOWHERE',
  message: unknownId,
  'staff-message': unknownId,
  'suppressed-address': unknownId,
};

async function seedCorner(db: Db, seed: Seed): Promise<Record<Thing, string>> {
  const { branchId, teamId, agentId, label, isOwn } = seed;
  // Only the own case has gone to the call centre, which sees nothing else.
  const callCentreSince = isOwn ? new Date('2030-05-20T01:00:00Z') : null;
  const fleetId = await aFleet(db, seed);
  const renewal = await aCase(db, { number: label, branchId, teamId, ownerId: agentId, callCentreSince, fleetId });
  const place = { renewalId: renewal, branchId, teamId };
  const task = await aTask(db, { ...place, kind: 'first-contact', role: 'agent', assigneeId: agentId });
  const person = `person-${label}`;
  await db.insert(staff).values({ id: person, name: person, roles: ['agent'], branchId, teamId });
  const branch = isOwn ? 'north' : branchId === 'north' ? 'north-yard' : branchId;
  const message = await aMessage(db, renewal);
  return {
    renewal,
    task,
    person,
    branch,
    team: teamId,
    fleet: fleetId,
    result: await aResult(db, seed, renewal),
    'hand-over': await aHandover(db, seed, person),
    absence: await anAbsence(db, person),
    import: await anImport(db, seed),
    'left-out-policy': await aPolicy(db, { number: `${label}-left-out`, branchId, leftOutReason: 'cancelled' }),
    concession: await aConcession(db, seed, renewal),
    'loss-check': await aLossCheck(db, seed, renewal),
    message,
    'staff-message': await aStaffMessage(db, person),
    'suppressed-address': await aSuppressedAddress(db, message),
  };
}
