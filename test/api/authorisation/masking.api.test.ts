import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { journal } from '../../../src/db/schema/journal.ts';
import { staff } from '../../../src/db/schema/organisation.ts';
import { roles, type Role } from '../../../src/db/staff/staff-records.ts';
import { runApi, type RunningApi } from '../running-api.ts';
import { operationsOf, pathFor, type Operation } from './cells.ts';
import { matrix } from './matrix.ts';
import { askers, places, seedBranches, seedThings, type Things } from './things.ts';

let api: RunningApi;
let things: Things;
let reads: [string, Operation][];
beforeAll(async () => {
  api = await runApi({ temporalAddress: inject('temporalAddress') });
  await seedBranches(api.db);
  things = await seedThings(api.db, 'masked');
  reads = [...(await operationsOf(api.url))].filter(([, { method }]) => method === 'get');
});
afterAll(() => api.close());

/** What the holder of every seeded policy is known by. */
const personal = {
  phone: '13800001234',
  plate: '京A12345',
  vin: 'LSVAM4187C2184847',
  email: 'wang@example.com',
  name: '王小明',
};

function leaksIn(text: string): string[] {
  return Object.entries(personal).flatMap(([what, value]) => (text.includes(value) ? [what] : []));
}

/** Every answer to a reading request of a role, wherever it asks. */
async function readAll(role: Role, query = ''): Promise<{ name: string; status: number; text: string }[]> {
  const paths = reads.flatMap(([operationId, operation]) => {
    const expectation = matrix[operationId];
    if (!expectation) return [];
    const wheres = expectation.kind === 'one' ? places : (['own'] as const);
    return wheres.map((where) => pathFor(operation, expectation, { things, where }));
  });
  return Promise.all(
    paths.map(async (path) => {
      const asked = query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
      const { status, body } = await api.as(askers[role]).get(asked);
      return { name: `${role} ${asked}`, status, text: typeof body === 'string' ? body : JSON.stringify(body) };
    }),
  );
}

describe('Names, phones, addresses, plates and VINs', () => {
  test.each(roles)('are masked in every answer to %s that did not ask to reveal them', async (role) => {
    const answers = await readAll(role);
    const leaks = answers.flatMap(({ name, text }) => leaksIn(text).map((what) => `${name}: ${what}`));
    expect(leaks).toEqual([]);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(4);
  });

  test.each(['general-manager', 'auditor', 'trainer', 'core-system'] as const)(
    'stay masked for %s even when asked to be revealed',
    async (role) => {
      const leaks = (await readAll(role, 'reveal=true')).filter(({ text }) => leaksIn(text).length > 0);
      expect(leaks).toEqual([]);
      expect(await revealsBy(askers[role])).toBe(0);
    },
  );
});

async function revealsBy(actor: string): Promise<number> {
  return api.db.$count(journal, and(eq(journal.actor, actor), eq(journal.event, 'revealed')));
}

describe('A case that is revealed', () => {
  test.each(['agent', 'specialist', 'supervisor', 'call-centre', 'channel-manager', 'admin'] as const)(
    'to %s is journalled with who and in which role, without what was shown',
    async (role) => {
      const actor = askers[role];
      const { body } = await api.as(actor).get(`/v1/renewals/${things.renewal.own}?reveal=true`);
      expect(body.revealed).toBe(true);
      expect(leaksIn(JSON.stringify(body))).toEqual(['phone', 'plate', 'vin', 'email', 'name']);
      const ofCase = and(eq(journal.chain, things.renewal.own), eq(journal.actor, actor));
      const [entry] = await api.db.select().from(journal).where(ofCase);
      expect(entry).toMatchObject({ event: 'revealed', inputs: { roles: [role] } });
      expect(leaksIn(JSON.stringify(entry))).toEqual([]);
    },
  );

  test('is shown to somebody with two roles only as far as the one that works with customers sees', async () => {
    const both = { id: 'auditing-agent', name: 'auditing-agent', roles: ['agent', 'auditor'], branchId: 'north' };
    await api.db.insert(staff).values(both);
    const { body } = await api.as('auditing-agent').get(`/v1/renewals/${things.renewal.own}?reveal=true`);
    expect(body.revealed).toBe(false);
    expect(leaksIn(JSON.stringify(body))).toEqual([]);
  });

  test('by the call list is journalled case by case', async () => {
    const before = await revealsBy('north-caller');
    const { body } = await api.as('north-caller').get('/v1/call-list?reveal=true');
    expect(leaksIn(JSON.stringify(body))).toContain('phone');
    expect(await revealsBy('north-caller')).toBe(before + body.items.length);
  });
});

describe('Rejected rows as a CSV', () => {
  test('carry what the list said, and the journal says who took them', async () => {
    const path = `/v1/imports/${things.import.own}/rejections?format=csv`;
    const { body } = await api.as('north-manager').get(path);
    expect(leaksIn(body)).toEqual(['phone', 'plate', 'vin']);
    const taken = sql`${journal.chain} = ${`import.${things.import.own}`} and ${journal.event} = 'revealed'`;
    expect(await api.db.select({ actor: journal.actor }).from(journal).where(taken)).toEqual([
      { actor: 'north-manager' },
    ]);
  });
});
