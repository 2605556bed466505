import { and, eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contactResults } from '../../src/db/schema/contact-results.ts';
import { customers } from '../../src/db/schema/customers.ts';
import { journal } from '../../src/db/schema/journal.ts';
import { policies } from '../../src/db/schema/policies.ts';
import { dayMs } from '../../src/renewal/calendar.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { daysBeforeT } from '../support/given-plan.ts';
import { apply, receive, strike } from '../support/given-results.ts';

let book: Book;
beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

async function inFollowUp(facts: Parameters<Book['openCase']>[0] = {}): Promise<string> {
  const id = await book.openCase(facts);
  await book.setTime(40);
  await book.turn(id, 'entered');
  return id;
}

const stateOf = async (id: string, kind: string) =>
  (await book.tasks(id)).filter((task) => task.kind === kind).map(({ state, droppedReason }) => droppedReason ?? state);
const correct = (id: string) => book.turn(id, 'corrected', { from: 'follow-up' });

async function customerOf(id: string) {
  const { policyId } = await book.renewal(id);
  const [policy] = await book.db.select().from(policies).where(eq(policies.id, policyId));
  const [customer] = await book.db.select().from(customers).where(eq(customers.id, policy!.customerId));
  return customer!;
}

describe('a result struck out of an open case', () => {
  test('stays, with who struck it out, when and why; the journal has codes only', async () => {
    const id = await inFollowUp();
    const row = await apply(book, id, { result: 'quoted' });
    await strike(book, row, { reason: '王芳 was never called' });
    expect(await book.result(row.id)).toMatchObject({
      state: 'correcting',
      correctedBy: 'S1',
      correctionReason: '王芳 was never called',
      result: 'quoted',
    });
    const of = and(eq(journal.chain, id), eq(journal.event, 'result-corrected'));
    const entries = await book.db.select().from(journal).where(of);
    expect(entries).toMatchObject([{ actor: 'S1', inputs: { resultId: row.id, result: 'quoted', replacedBy: null } }]);
    expect(JSON.stringify(entries)).not.toContain('王芳');
  });

  test('counts for nothing any more, and its task is open again', async () => {
    const id = await inFollowUp();
    const row = await apply(book, id, { result: 'quoted' });
    expect(await book.renewal(id)).toMatchObject({ resultCounted: true });
    expect(await stateOf(id, 'first-contact')).toEqual(['completed']);
    await strike(book, row);
    expect(await book.renewal(id)).toMatchObject({ resultCounted: false, confirmedAt: null });
    expect(await stateOf(id, 'first-contact')).toEqual(['open']);
  });

  test('leaves what other results say', async () => {
    const id = await inFollowUp();
    const first = await apply(book, id, { result: 'quoted' });
    await apply(book, id, { result: 'not-reached' });
    const mistaken = await apply(book, id, { result: 'not-reached' });
    await strike(book, mistaken);
    expect(await book.renewal(id)).toMatchObject({ resultCounted: true, attempts: 1, confirmedAt: first.recordedAt });
  });

  test('takes its promised call-back away', async () => {
    const id = await inFollowUp();
    const row = await apply(book, id, { result: 'promised' });
    expect(await book.renewal(id)).toMatchObject({ nextAction: 'call-back' });
    await strike(book, row);
    expect(await book.renewal(id)).toMatchObject({ callBackAt: null, nextAction: 'stage:intensive-chase' });
  });

  test('that declined ends its second round with its task; the case hears what holds now and goes on', async () => {
    const id = await inFollowUp();
    const row = await apply(book, id, { result: 'declined', lossReason: 'price' });
    await book.steps.assignSecondRound({ renewalId: id, stamp: '', reason: 'price', resultId: row.id });
    await strike(book, row);
    expect(await book.renewal(id)).toMatchObject({ secondRoundDueAt: null, secondRoundReason: null });
    expect(await stateOf(id, 'second-round')).toEqual(['result-corrected']);
    const turn = await correct(id);
    expect(turn).toMatchObject({ kind: 'opened', stage: 'follow-up', kept: true, unsettled: [] });
    expect(turn).toMatchObject({ resumed: { resultCounted: false, confirmed: false, attempts: 0 } });
    expect((turn as { resumed: object }).resumed).not.toHaveProperty('secondRound');
  });

  test('opens the stage of the calendar and escalates when the mistake lasted over the end of its stage', async () => {
    const id = await inFollowUp();
    const row = await apply(book, id, { result: 'declined', lossReason: 'price' });
    await book.steps.assignSecondRound({ renewalId: id, stamp: '', reason: 'price', resultId: row.id });
    await book.setTime(29);
    await strike(book, row);
    expect(await correct(id)).toMatchObject({
      stage: 'intensive-chase',
      kept: false,
      escalated: true,
      resumed: { resultCounted: false },
    });
    expect(await book.renewal(id)).toMatchObject({ stage: 'intensive-chase', escalated: true });
    expect(await stateOf(id, 'coaching')).toEqual(['open']);
  });

  test('after the stage in which it was recorded leaves that stage without a result, once', async () => {
    const id = await inFollowUp();
    const row = await apply(book, id, { result: 'quoted' });
    await book.setTime(29);
    await book.turn(id, 'calendar', { from: 'follow-up', resultCounted: true });
    expect(await book.renewal(id)).toMatchObject({ escalated: false });
    await strike(book, row);
    const again = () => book.turn(id, 'corrected', { from: 'intensive-chase' });
    expect([await again(), await again()]).toMatchObject([{ kept: true, escalated: true }, { escalated: true }]);
    expect((await book.events(id)).filter((event) => event.startsWith('escalated'))).toEqual(['escalated:supervisor']);
  });

  test('after its stage escalates nothing when another result counted in it', async () => {
    const id = await inFollowUp();
    await apply(book, id, { result: 'considering' });
    const row = await apply(book, id, { result: 'quoted' });
    await book.setTime(29);
    await book.turn(id, 'calendar', { from: 'follow-up', resultCounted: true });
    await strike(book, row);
    expect(await book.turn(id, 'corrected', { from: 'intensive-chase' })).toMatchObject({ escalated: false });
  });

  test('that is not what the second round is about leaves it running, and nothing opens', async () => {
    const id = await inFollowUp();
    const attempt = await apply(book, id, { result: 'not-reached' });
    const row = await apply(book, id, { result: 'declined', lossReason: 'price' });
    await book.steps.assignSecondRound({ renewalId: id, stamp: '', reason: 'price', resultId: row.id });
    await book.setTime(29);
    await strike(book, attempt);
    expect(await correct(id)).toMatchObject({
      stage: 'follow-up',
      kept: true,
      resumed: { secondRound: { reason: 'price' } },
    });
    expect(await book.renewal(id)).toMatchObject({ stage: 'follow-up', nextAction: 'second-round-ends' });
  });

  test('that refused contact lets the customer be called again, in this case and the others', async () => {
    const id = await inFollowUp();
    const { id: customerId } = await customerOf(id);
    const other = await inFollowUp({ customerId });
    const row = await apply(book, id, { result: 'refused-contact' });
    expect(await stateOf(other, 'first-contact')).toEqual(['refused-contact']);
    await strike(book, row);
    expect((await customerOf(id)).doNotContactUntil).toBeNull();
    expect(await book.renewal(id)).toMatchObject({ refusedContactAt: null });
    expect(await stateOf(id, 'do-not-contact-review')).toEqual(['result-corrected']);
    expect(await stateOf(id, 'first-contact')).toEqual(['open']);
    expect(await stateOf(other, 'first-contact')).toEqual(['open']);
  });

  test('that refused contact leaves the customer alone who refused it another time as well', async () => {
    const id = await inFollowUp();
    const { id: customerId } = await customerOf(id);
    const other = await inFollowUp({ customerId });
    await apply(book, other, { result: 'refused-contact' });
    await book.setTime(39);
    const row = await apply(book, id, { result: 'refused-contact' });
    await strike(book, row);
    const { doNotContactUntil } = await customerOf(id);
    expect(doNotContactUntil!.getTime()).toBeGreaterThan(daysBeforeT(40) + 150 * dayMs);
    expect(await stateOf(id, 'first-contact')).toEqual(['refused-contact']);
  });

  test('names what the books have not settled, so that the case keeps what it heard', async () => {
    const id = await inFollowUp();
    const row = await apply(book, id, { result: 'quoted' });
    const unsettled = await receive(book, id, { result: 'declined', lossReason: 'price' });
    await strike(book, row);
    expect(await correct(id)).toMatchObject({ unsettled: [unsettled.id] });
  });
});

describe('what replaces it', () => {
  test('is received under the id of the request and names the entry it corrects', async () => {
    const id = await inFollowUp();
    const row = await apply(book, id, { result: 'quoted' });
    const requestId = uuidv7();
    const { replacement } = await strike(book, row, { id: requestId, replacement: { result: 'not-reached' } });
    expect(replacement).toMatchObject({ id: requestId, state: 'received', correctsId: row.id, recordedBy: 'S1' });
  });

  test('takes the whole correction back when the case would refuse it', async () => {
    const id = await inFollowUp();
    const row = await apply(book, id, { result: 'not-reached' });
    const tried = strike(book, row, { replacement: { result: 'unreachable' } });
    await expect(tried).rejects.toMatchObject({ code: 'attempts-missing' });
    expect(await book.result(row.id)).toMatchObject({ state: 'applied', correctedAt: null });
    expect(await book.renewal(id)).toMatchObject({ attempts: 1 });
  });
});

describe('a correction', () => {
  test('that is sent again changes nothing', async () => {
    const id = await inFollowUp();
    const row = await apply(book, id, { result: 'quoted' });
    const requestId = uuidv7();
    const asked = { id: requestId, replacement: { result: 'not-reached' } };
    const first = await strike(book, row, asked);
    expect(await strike(book, row, asked)).toEqual(first);
    const rows = await book.db.select().from(contactResults).where(eq(contactResults.renewalId, id));
    expect(rows).toHaveLength(2);
  });

  test.each([
    ['corrected already', 'corrected', 'result-not-correctable'],
    ['refused', 'refused', 'result-not-correctable'],
    ['not with its case yet', 'received', 'result-unsettled'],
  ])('of an entry that is %s is refused', async (_, state, code) => {
    const id = await inFollowUp();
    const row = await apply(book, id, { result: 'quoted' });
    await book.db.update(contactResults).set({ state }).where(eq(contactResults.id, row.id));
    await expect(strike(book, row)).rejects.toMatchObject({ code });
  });

  test('of an entry of another case is refused as unknown', async () => {
    const row = await apply(book, await inFollowUp(), { result: 'quoted' });
    await expect(strike(book, row, { renewalId: await inFollowUp() })).rejects.toMatchObject({
      code: 'result-unknown',
    });
  });
});
