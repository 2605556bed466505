import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { claimMessage, type Claim } from '../../src/messaging/claim.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

let book: Book;
let companions: { compulsory: string; commercial: string };

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

let cars = 0;
beforeEach(async () => {
  await book.setTime(61);
  companions = await openCompanions();
});

async function openCompanions(): Promise<typeof companions> {
  const plate = `鲁B${String((cars += 1)).padStart(5, '0')}`;
  const { customerId } = await book.addPolicy({ coverType: 'motor', expiresOn: '2030-01-01' });
  const open = (coverType: string) => book.openCase({ plate, customerId, coverType });
  return { compulsory: await open('compulsory'), commercial: await open('commercial') };
}

/** The case turns its stage, as its workflow does, and sends what is due. */
async function turnAndSend(renewalId: string, touch: string): Promise<Claim> {
  await book.turn(renewalId, 'entered');
  return claimMessage(book.db, { renewalId, touch, channel: 'sms' }, shanghai);
}

const textOf = (claim: Claim): string => (claim.kind === 'won' ? claim.message.text.body : claim.kind);
const reasonOf = (claim: Claim) => (claim.kind === 'answered' ? claim.outcome : claim.kind);
const suppressed = { kind: 'suppressed', reason: 'companion-message' };

describe('Two covers of one vehicle whose touches come due within the same hour', () => {
  const opening = [60, 30, 7] as const;
  const orders = [
    ['compulsory', 'commercial'],
    ['commercial', 'compulsory'],
  ] as const;
  const both = opening.flatMap((daysBefore) => orders.map(([first, second]) => ({ daysBefore, first, second })));

  test.each(both)(
    'are both named at T-$daysBefore when the $first one turns its stage first',
    async ({ daysBefore, first, second }) => {
      await book.setTime(daysBefore);
      const sent = await turnAndSend(companions[first], `t-${daysBefore}`);
      const other = await turnAndSend(companions[second], `t-${daysBefore}`);
      expect(textOf(sent)).toContain('交强险');
      expect(textOf(sent)).toContain('商业险');
      expect(reasonOf(other)).toEqual(suppressed);
    },
  );

  test('are not named together when the other case has closed', async () => {
    await book.setTime(30);
    await book.steps.closeCase({
      renewalId: companions.commercial,
      stamp: '',
      ending: { outcome: { kind: 'lost', reason: 'other', renewable: true }, cause: 'second-round:confirmed-lost' },
    });
    expect(textOf(await turnAndSend(companions.compulsory, 't-30'))).not.toContain('商业险');
  });

  test('get a message each when they expire days apart', async () => {
    const { customerId, plate } = await book.addPolicy({ coverType: 'compulsory' });
    const sooner = await book.openCase({ customerId, plate, coverType: 'commercial' });
    await book.openCase({ customerId, plate, coverType: 'compulsory', expiresOn: '2027-04-03' });
    await book.setTime(30);
    expect(textOf(await turnAndSend(sooner, 't-30'))).not.toContain('交强险');
  });

  test('of which one is listed after the message went is told of on the next day', async () => {
    const { customerId, plate } = await book.addPolicy({ coverType: 'motor', expiresOn: '2030-01-01' });
    await book.setTime(61);
    const known = await book.openCase({ customerId, plate, coverType: 'compulsory' });
    await book.setTime(60, 18 * 60);
    expect(textOf(await turnAndSend(known, 't-60'))).not.toContain('商业险');
    await book.setTime(60, 18 * 60 + 30);
    const late = await book.openCase({ customerId, plate, coverType: 'commercial' });
    expect(reasonOf(await turnAndSend(late, 't-60'))).toMatchObject({ kind: 'waiting', reason: 'one-touch-a-day' });
  });
});
