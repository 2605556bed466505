import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectDatabase, type Connection } from '../../src/db/connection.ts';
import { failStaleImports, queueImport } from '../../src/db/imports/import-records.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { importRejections, imports } from '../../src/db/schema/imports.ts';
import { branches, staff, teams } from '../../src/db/schema/organisation.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { importList, type ImportSummary } from '../../src/intake/import-list.ts';
import { rejectionsCsv } from '../../src/intake/rejections-csv.ts';
import { withClient } from '../../src/stack/postgres.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
import { aFile, aPendingList } from './pending-list.ts';
import { sharedData } from './real-lists.ts';
import { shanghai } from '../support/given-plan.ts';

let database: FreshDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await freshDatabase();
  connection = connectDatabase(database.databaseUrl, { connections: 5 });
});

afterAll(async () => {
  await connection.close();
  await database.drop();
});

beforeEach(async () => {
  const { db } = connection;
  await withClient(database.ownerUrl, (client) => client.query('truncate customers cascade'));
  for (const table of [renewals, policies, importRejections, imports, staff, teams, branches]) await db.delete(table);
});

type Asked = { dryRun?: boolean; format?: string };

async function importAt(path: string, asked: Asked = {}): Promise<ImportSummary & { importId: string }> {
  const importId = await queueImport(connection.db, {
    fileName: 'list.csv',
    dryRun: asked.dryRun ?? false,
    requestedBy: 'admin',
  });
  return {
    importId,
    ...(await importList(connection, { importId, path, today: '2027-01-10', calendar: shanghai, ...asked })),
  };
}

async function importText(content: string | Uint8Array, asked: Asked = {}) {
  const file = aFile(content);
  try {
    return await importAt(file.path, asked);
  } finally {
    file.remove();
  }
}

const importRow = async (id: string) => (await connection.db.select().from(imports).where(eq(imports.id, id)))[0];
const policyRow = async (policyNumber: string) =>
  (await connection.db.select().from(policies).where(eq(policies.policyNumber, policyNumber)))[0];
const customerOf = async (policyNumber: string) =>
  (
    await connection.db
      .select()
      .from(customers)
      .where(eq(customers.id, (await policyRow(policyNumber))?.customerId ?? ''))
  )[0];

async function openCase(policyNumber: string, outcome: 'renewed' | null = null): Promise<string> {
  const policy = await policyRow(policyNumber);
  const id = `renewal.${policyNumber}.20260301`;
  await connection.db.insert(renewals).values({
    id,
    policyId: policy?.id ?? '',
    branchId: '3701',
    segment: 'standard',
    priority: 1,
    expiresOn: policy?.expiresOn ?? '',
    planVersion: 1,
    openedAt: new Date('2026-12-30T01:00:00Z'),
    outcome,
  });
  return id;
}

describe('Importing a list', () => {
  test('enters its policies and counts its rows', async () => {
    const summary = await importText(
      aPendingList({ 保单号: 'P1' }, { 保单号: 'P2', 上年保费: '-1' }, { 保单号: 'P3' }),
    );
    const counts = { rows: 3, accepted: 2, rejected: 1, created: 2, changed: 0, unchanged: 0 };
    expect(summary).toMatchObject({ state: 'completed', ...counts });
    expect(await importRow(summary.importId)).toMatchObject({
      state: 'completed',
      format: 'cn-pending-list',
      ...counts,
    });
    expect(await policyRow('P1')).toMatchObject({
      startsOn: '2026-03-01',
      expiresOn: '2027-02-28',
      termDays: 365,
      premium: '4200.00',
    });
  });

  test('twice changes nothing', async () => {
    const list = aPendingList({ 保单号: 'P1' }, { 保单号: 'P2', 短信同意: '否' }, { 保单号: 'P3', 联系电话: '' });
    await importText(list);
    const book = await wholeBook();
    expect(await importText(list)).toMatchObject({ accepted: 3, created: 0, changed: 0, unchanged: 3 });
    expect(await wholeBook()).toEqual(book);
  });

  test('with a number twice keeps the first row and rejects the second', async () => {
    const { importId } = await importText(
      aPendingList({ 保单号: 'P1', 上年保费: '1' }, { 保单号: 'P1', 上年保费: '2' }),
    );
    expect((await policyRow('P1'))?.premium).toBe('1.00');
    expect(
      await connection.db.select().from(importRejections).where(eq(importRejections.importId, importId)),
    ).toMatchObject([{ line: 3, column: '保单号', reason: 'duplicate 保单号' }]);
  });

  test('with a number twice more than a batch apart rejects the second too', async () => {
    const many = Array.from({ length: 1200 }, (_, at) => ({ 保单号: `P${at}` }));
    expect(await importText(aPendingList(...many, { 保单号: 'P0' }))).toMatchObject({
      accepted: 1200,
      created: 1200,
      rejected: 1,
    });
  });

  test('that is no list says why and changes nothing', async () => {
    const summary = await importText('name,age\r\nx,1\r\n');
    expect(summary).toMatchObject({ state: 'failed', rows: 0 });
    expect(await importRow(summary.importId)).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('no list that is known'),
    });
  });

  test('as a dry run counts what it would do and writes no policy', async () => {
    await importText(aPendingList({ 保单号: 'P1' }));
    const summary = await importText(aPendingList({ 保单号: 'P1', 上年保费: '7' }, { 保单号: 'P2' }), { dryRun: true });
    expect(summary).toMatchObject({ state: 'completed', created: 1, changed: 1 });
    expect([(await policyRow('P1'))?.premium, await policyRow('P2')]).toEqual(['4200.00', undefined]);
  });

  test('with an empty cell does not forget what is known', async () => {
    await importText(aPendingList({ 保单号: 'P1' }));
    expect(await importText(aPendingList({ 保单号: 'P1', 车牌号: '', 营销员工号: '', 营销员姓名: '' }))).toMatchObject({
      unchanged: 1,
    });
    expect(await policyRow('P1')).toMatchObject({ plate: '鲁A12345', agentId: '3701A001' });
  });
});

describe('An expiry that a list corrects', () => {
  test('moves the open case in the same step and names it', async () => {
    await importText(aPendingList({ 保单号: 'P1' }, { 保单号: 'P2' }));
    const [corrected, other] = [await openCase('P1'), await openCase('P2')];
    const summary = await importText(aPendingList({ 保单号: 'P1', 保险止期: '2027-03-05' }, { 保单号: 'P2' }));
    expect(summary).toMatchObject({ changed: 1, unchanged: 1, correctedRenewalIds: [corrected] });
    const cases = await connection.db.select().from(renewals);
    expect(cases.find(({ id }) => id === corrected)).toMatchObject({ expiresOn: '2027-03-05', expiryRevision: 1 });
    expect(cases.find(({ id }) => id === other)).toMatchObject({ expiresOn: '2027-02-28', expiryRevision: 0 });
  });

  test('leaves a closed case as it was', async () => {
    await importText(aPendingList({ 保单号: 'P1' }));
    await openCase('P1', 'renewed');
    expect((await importText(aPendingList({ 保单号: 'P1', 保险止期: '2027-03-05' }))).correctedRenewalIds).toEqual([]);
    expect((await connection.db.select().from(renewals))[0]?.expiresOn).toBe('2027-02-28');
  });

  test('in a dry run moves nothing', async () => {
    await importText(aPendingList({ 保单号: 'P1' }));
    await openCase('P1');
    await importText(aPendingList({ 保单号: 'P1', 保险止期: '2027-03-05' }), { dryRun: true });
    expect((await connection.db.select().from(renewals))[0]).toMatchObject({
      expiresOn: '2027-02-28',
      expiryRevision: 0,
    });
  });
});

describe('Staff named in a list', () => {
  test('become staff with their role, team and branch', async () => {
    await importText(aPendingList({ 保单号: 'P1' }));
    expect(await connection.db.select().from(staff).orderBy(staff.id)).toMatchObject([
      { id: '3701A001', name: '王敏', roles: ['agent'], branchId: '3701', teamId: '3701S001', departedOn: null },
      { id: '3701S001', roles: ['supervisor'], branchId: '3701', teamId: '3701S001' },
      { id: '3701X001', roles: ['specialist'], branchId: '3701', teamId: null },
    ]);
    expect(await connection.db.select().from(teams)).toMatchObject([
      { id: '3701S001', branchId: '3701', supervisorId: '3701S001' },
    ]);
  });

  test('keep the roles and the team that an admin gave them', async () => {
    await connection.db.insert(branches).values({ id: 'head', name: 'Head office' });
    await connection.db.insert(teams).values({ id: 'inner', branchId: 'head' });
    await connection.db
      .insert(staff)
      .values({ id: '3701A001', name: 'Min Wang', roles: ['agent', 'trainer'], branchId: 'head', teamId: 'inner' });
    await importText(aPendingList({ 保单号: 'P1' }));
    expect((await connection.db.select().from(staff).where(eq(staff.id, '3701A001')))[0]).toMatchObject({
      name: 'Min Wang',
      roles: ['agent', 'trainer'],
      branchId: 'head',
      teamId: 'inner',
    });
  });

  test('who have left are marked once, from today', async () => {
    const gone = { 营销员姓名: '王敏(已离职)' };
    await importText(aPendingList({ 保单号: 'P1' }));
    const first = await importText(aPendingList({ 保单号: 'P1', ...gone }));
    const second = await importText(aPendingList({ 保单号: 'P1', ...gone }));
    expect([first.departedAgentIds, second.departedAgentIds]).toEqual([['3701A001'], []]);
    expect((await connection.db.select().from(staff).where(eq(staff.id, '3701A001')))[0]?.departedOn).toBe(
      '2027-01-10',
    );
  });
});

describe('The holder of a policy', () => {
  test('stays the same person with all opt-outs when the phone is corrected', async () => {
    await importText(aPendingList({ 保单号: 'P1' }));
    await connection.db.update(customers).set({ smsOptedOutAt: new Date('2026-12-01T00:00:00Z') });
    const before = await customerOf('P1');
    expect(await importText(aPendingList({ 保单号: 'P1', 联系电话: '13900139000' }))).toMatchObject({ changed: 1 });
    expect(await customerOf('P1')).toMatchObject({
      id: before?.id,
      phone: '+8613900139000',
      smsOptedOutAt: before?.smsOptedOutAt,
    });
  });

  test('who goes on under two numbers takes the opt-outs along', async () => {
    await importText(aPendingList({ 保单号: 'P1' }, { 保单号: 'P2' }));
    await connection.db.update(customers).set({ emailOptedOutAt: new Date('2026-12-01T00:00:00Z') });
    await importText(aPendingList({ 保单号: 'P1', 联系电话: '13900139000' }, { 保单号: 'P2' }));
    expect((await customerOf('P1'))?.id).not.toBe((await customerOf('P2'))?.id);
    expect((await customerOf('P1'))?.emailOptedOutAt).toEqual(new Date('2026-12-01T00:00:00Z'));
  });

  test('is somebody else when both name and phone are new', async () => {
    await importText(aPendingList({ 保单号: 'P1' }));
    const before = await customerOf('P1');
    await importText(aPendingList({ 保单号: 'P1', 被保险人: '赵强', 联系电话: '13900139000' }));
    expect((await customerOf('P1'))?.id).not.toBe(before?.id);
  });

  test('has no consent where two rows of a list disagree, however often it is imported', async () => {
    const list = aPendingList({ 保单号: 'P1', 短信同意: '否' }, { 保单号: 'P2' });
    await importText(list);
    expect(await importText(list)).toMatchObject({ unchanged: 2 });
    expect(await customerOf('P2')).toMatchObject({ smsConsent: false, emailConsent: true });
  });
});

describe('Rejected rows', () => {
  test('come back as a CSV that can be mended and sent again, without live formulas', async () => {
    const { importId } = await importText(aPendingList({ 保单号: '', 备注: '=1+1' }));
    let text = '';
    for await (const piece of rejectionsCsv(connection.db, importId)) text += piece;
    expect(text.startsWith('\ufeff保单号,险种,')).toBe(true);
    expect(text).toContain(`,'=1+1,,,2,保单号,保单号 missing\r\n`);
    expect(await importText(text.replace('\r\n,商业险', '\r\nP1,商业险'))).toMatchObject({ created: 1, rejected: 0 });
  });
});

describe('An import whose process died', () => {
  test('is failed with what to do, and only that', async () => {
    const dead = await queueImport(connection.db, { fileName: 'a.csv', dryRun: false, requestedBy: 'admin' });
    const done = (await importText(aPendingList({}))).importId;
    expect(await failStaleImports(connection.db)).toEqual([dead]);
    expect(await importRow(dead)).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('Send the file again'),
    });
    expect((await importRow(done))?.state).toBe('completed');
  });

  test('is told from one that another process is at', async () => {
    const file = aFile(aPendingList(...Array.from({ length: 3000 }, (_, at) => ({ 保单号: `P${at}` }))));
    const importId = await queueImport(connection.db, { fileName: 'a.csv', dryRun: false, requestedBy: 'admin' });
    const running = importList(connection, { importId, path: file.path, today: '2027-01-10', calendar: shanghai });
    const isRunning = and(eq(imports.id, importId), eq(imports.state, 'running'));
    while ((await connection.db.select().from(imports).where(isRunning)).length === 0)
      await connection.db.execute(sql`select 1`);
    expect(await failStaleImports(connection.db)).toEqual([]);
    await running;
    file.remove();
    expect((await importRow(importId))?.state).toBe('completed');
  });
});

const realList = sharedData('pending-list.csv');

test.skipIf(!realList)(
  'The real list goes in with 568 policies and 38 rejections, and again without a change',
  async () => {
    expect(await importAt(realList ?? '')).toMatchObject({ rows: 606, accepted: 568, rejected: 38, created: 568 });
    expect(await importAt(realList ?? '')).toMatchObject({ accepted: 568, rejected: 38, changed: 0, unchanged: 568 });
  },
);

async function wholeBook() {
  const { db } = connection;
  return [
    await db.select().from(policies).orderBy(policies.policyNumber),
    await db.select().from(customers).orderBy(customers.key),
    await db.select().from(staff).orderBy(staff.id),
  ];
}
