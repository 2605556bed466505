import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { journal } from '../../src/db/schema/journal.ts';
import { aCase, seedOrganisation } from './a-book.ts';
import { runApi, type RunningApi } from './running-api.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
});
afterAll(() => api.close());

const admin = () => api.as('admin');
const aPerson = (id: string, facts: object = {}) =>
  admin().post('/v1/staff', { id, name: '李明', roles: ['agent'], teamId: 'north-team', ...facts });
const journalOf = (chain: string) =>
  api.db.select().from(journal).where(eq(journal.chain, chain)).orderBy(journal.sequence);

describe('Somebody who is entered', () => {
  test('belongs to the branch of the team and is found under the staff number', async () => {
    const entered = await aPerson('A1');
    expect(entered.status).toBe(201);
    expect(entered.body).toMatchObject({ id: 'A1', branchId: 'north', teamId: 'north-team', customerCapacity: null });
    expect((await api.as('north-lead').get('/v1/staff/A1')).body).toEqual(entered.body);
    expect((await api.as('A1').get('/v1/me')).body).toMatchObject({ roles: ['agent'], branchId: 'north' });
  });

  test('is journalled without the name', async () => {
    await aPerson('A2', { name: '欧阳娜娜' });
    const [entry] = await journalOf('staff.A2');
    expect(entry).toMatchObject({ actor: 'admin', event: 'staff-entered' });
    expect(JSON.stringify(entry)).not.toContain('欧阳娜娜');
  });

  test('has a number of their own', async () => {
    expect((await aPerson('north-agent')).status).toBe(409);
  });

  test.each([
    ['a branch that is not there', { branchId: 'nowhere', teamId: null }, 'branchId'],
    ['a team that is not there', { teamId: 'nowhere' }, 'teamId'],
    ['a team of another branch', { branchId: 'south' }, 'teamId'],
    ['no branch for field work', { teamId: null }, 'branchId'],
    ['no role', { roles: [] }, 'roles'],
    ['a role twice', { roles: ['agent', 'agent'] }, 'roles'],
    ['a number that the worklist reserves', { id: 'me' }, 'id'],
    ['a number with a space', { id: 'A 1' }, 'id'],
  ])('is refused with %s', async (_what, facts, path) => {
    const answer = await aPerson('REFUSED', facts);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject([{ path }]);
  });
});

describe('A change of somebody’s record', () => {
  test('keeps what it does not name, and says in the journal which fields changed', async () => {
    await aPerson('B1', { contactsPerDay: 25 });
    const changed = await admin().put('/v1/staff/B1', { name: '王芳', customerCapacity: 300 });
    expect(changed.body).toMatchObject({ name: '王芳', roles: ['agent'], contactsPerDay: 25, customerCapacity: 300 });
    const entries = await journalOf('staff.B1');
    expect(entries.at(-1)).toMatchObject({ event: 'staff-changed', inputs: { changed: ['name', 'customerCapacity'] } });
  });

  test('of roles works at once where it was made', async () => {
    await aPerson('B2');
    expect((await api.as('B2').get('/v1/staff')).status).toBe(403);
    await admin().put('/v1/staff/B2', { roles: ['trainer'] });
    expect((await api.as('B2').get('/v1/staff')).status).toBe(200);
  });

  test('does not take the role of an owner of open cases', async () => {
    await aPerson('B3');
    await aCase(api.db, { number: 'OF-B3', ownerId: 'B3' });
    const refused = await admin().put('/v1/staff/B3', { roles: ['trainer'] });
    expect([refused.status, refused.body.code]).toEqual([409, 'owns-open-cases']);
  });

  test('does not take the supervisor’s role from who leads a team', async () => {
    const refused = await admin().put('/v1/staff/north-lead', { roles: ['agent'] });
    expect([refused.status, refused.body.code]).toEqual([409, 'leads-a-team']);
  });

  test('of a number nobody has is a 404', async () => {
    expect((await admin().put('/v1/staff/NOBODY', { name: 'x' })).status).toBe(404);
  });
});

describe('The admin’s role', () => {
  test('is not taken from oneself', async () => {
    const refused = await admin().put('/v1/staff/admin', { roles: ['auditor'] });
    expect([refused.status, refused.body.code]).toEqual([409, 'own-admin-role']);
  });

  test('is taken by another admin, of whom one always stays', async () => {
    await aPerson('ADMIN-2', { roles: ['admin'], teamId: null });
    await aPerson('ADMIN-3', { roles: ['admin'], teamId: null });
    expect((await api.as('ADMIN-2').put('/v1/staff/ADMIN-3', { roles: ['auditor'] })).status).toBe(200);
    const both = await Promise.all([
      admin().put('/v1/staff/ADMIN-2', { roles: ['auditor'] }),
      api.as('ADMIN-2').put('/v1/staff/admin', { roles: ['auditor'] }),
    ]);
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
  });
});
