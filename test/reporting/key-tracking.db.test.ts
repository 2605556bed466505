import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import { findPerson } from '../../src/db/staff/staff-records.ts';
import { addDays } from '../../src/renewal/calendar.ts';
import { contactResults as results, isEffectiveContact } from '../../src/renewal/contact-result.ts';
import { reasonsToTrack } from '../../src/renewal/key-tracking.ts';
import { stages } from '../../src/renewal/stage-plan.ts';
import { listKeyTracking, reasonsOf } from '../../src/reporting/key-tracking.ts';
import { openBook, type Book } from '../support/given-book.ts';

const today = '2026-11-30';
let book: Book;

beforeAll(async () => void (book = await openBook()));
afterAll(() => book.close());

/** Cases of all kinds, each answering the reasons that the rule gives for it. */
async function aCaseOfTurn(turn: number): Promise<[string, string[]]> {
  const stage = [...stages, null][turn % 5] ?? null;
  const segment = turn % 7 === 0 ? 'key-customer' : 'claim-free';
  const expiresOn = addDays(today, [5, 15, 16, 40][turn % 4] ?? 0);
  const told = results[turn % (results.length + 1)];
  const pause = { 3: 'heldUntil', 5: 'secondRoundDueAt', 8: 'orphanedAt' }[turn % 11];
  const leftAlone = turn % 13 === 12;
  const id = await book.openCase();
  const paused = pause === undefined ? {} : { [pause]: new Date('2027-01-01T00:00:00Z') };
  const refused = leftAlone ? { refusedContactAt: new Date('2026-11-01T00:00:00Z') } : {};
  await book.db
    .update(renewals)
    .set({ stage, segment, expiresOn, ...paused, ...refused })
    .where(eq(renewals.id, id));
  const recordedAt = new Date('2026-11-20T01:00:00Z');
  const recorded = { kind: 'result', renewalId: id, state: 'applied', recordedBy: 'A1', recordedAt };
  if (told) await book.db.insert(contactResults).values({ id: uuidv7(), ...recorded, result: told });
  const lastContact = told !== undefined && isEffectiveContact(told) ? told : null;
  return [
    id,
    reasonsToTrack({ stage, segment, expiresOn, lastContact, pauses: pause !== undefined, leftAlone }, today),
  ];
}

test('The list that pages read is the rule’s, case by case, the nearest expiry first', async () => {
  const expected: [string, string[]][] = [];
  for (let turn = 0; turn < 120; turn += 1) expected.push(await aCaseOfTurn(turn));
  const viewer = (await findPerson(book.db, 'X1', 'Asia/Shanghai'))!;
  const rows = await listKeyTracking(book.db, { viewer, today, limit: 200 });
  const tracked = expected.filter(([, reasons]) => reasons.length > 0);
  expect(tracked.length).toBeGreaterThan(20);
  expect(new Map(rows.map((row) => [row.renewalId, reasonsOf(row, today)]))).toEqual(new Map(tracked));
  const days = rows.map(({ expiresOn }) => expiresOn);
  expect(days).toEqual(days.toSorted());
});
