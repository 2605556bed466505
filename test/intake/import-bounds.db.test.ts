import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase, type Connection } from '../../src/db/connection.ts';
import { queueImport } from '../../src/db/imports/import-records.ts';
import { importRejections } from '../../src/db/schema/imports.ts';
import { branches, staff } from '../../src/db/schema/organisation.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { importList } from '../../src/intake/import-list.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
import { aFile, aPendingList } from './pending-list.ts';
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

/** Imports as somebody who may bring rows of these branches, or of all; answers the counts and what was rejected. */
async function importRows(rows: Parameters<typeof aPendingList>, bounds?: readonly string[]) {
  const file = aFile(aPendingList(...rows));
  const importId = await queueImport(connection.db, { fileName: 'list.csv', dryRun: false, requestedBy: 'manager' });
  const asked = {
    importId,
    path: file.path,
    today: '2027-01-10',
    calendar: shanghai,
    ...(bounds ? { branches: bounds } : {}),
  };
  const { accepted, rejected } = await importList(connection, asked);
  file.remove();
  const { line, column, reason } = importRejections;
  const rejections = await connection.db
    .select({ line, column, reason })
    .from(importRejections)
    .where(eq(importRejections.importId, importId))
    .orderBy(asc(line));
  return { accepted, rejected, rejections };
}

const ofSouth = {
  机构代码: '4401',
  营销员工号: '4401A001',
  营销员姓名: '赵强',
  业务主任工号: '4401S001',
  专员工号: '4401X001',
};

describe('A list of somebody who works for one branch', () => {
  test('brings rows of that branch, and no others', async () => {
    const answer = await importRows([{ 保单号: 'N1' }, { 保单号: 'S1', ...ofSouth }, { 保单号: 'N2' }], ['3701']);
    expect(answer).toEqual({
      accepted: 2,
      rejected: 1,
      rejections: [{ line: 3, column: '机构代码', reason: '机构代码 is not of your branch' }],
    });
    expect(await connection.db.select({ id: branches.id }).from(branches)).toEqual([{ id: '3701' }]);
  });

  test('takes no policy away from another branch', async () => {
    await importRows([{ 保单号: 'S2', ...ofSouth }]);
    const answer = await importRows([{ 保单号: 'S2' }], ['3701']);
    expect(answer.rejections).toEqual([{ line: 2, column: '保单号', reason: '保单号 is not of your branch' }]);
    const [policy] = await connection.db.select().from(policies).where(eq(policies.policyNumber, 'S2'));
    expect(policy?.branchId).toBe('4401');
  });

  test.each([
    ['营销员工号', '4401A001'],
    ['业务主任工号', '4401S001'],
    ['专员工号', '4401X001'],
  ])('names nobody of another branch as %s', async (column, number) => {
    await importRows([{ 保单号: 'S3', ...ofSouth }]);
    const answer = await importRows([{ 保单号: `N-${number}`, [column]: number }], ['3701']);
    expect(answer.rejections).toMatchObject([{ line: 2, column }]);
  });

  test('marks nobody of another branch as departed', async () => {
    await importRows([{ 保单号: 'S4', ...ofSouth }]);
    await importRows([{ 保单号: 'N4', 营销员工号: '4401A001', 营销员姓名: '赵强(已离职)' }], ['3701']);
    const [agent] = await connection.db.select().from(staff).where(eq(staff.id, '4401A001'));
    expect(agent?.departedOn).toBeNull();
  });

  test('brings new people of that branch', async () => {
    const answer = await importRows([{ 保单号: 'N5', 营销员工号: '3701A099' }], ['3701']);
    expect(answer.accepted).toBe(1);
  });
});
