import { fc } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMessageBook, type MessageBook } from '../message-book.ts';
import { aStream } from './a-stream.ts';
import { brokenLaws } from './laws.ts';
import { liveInBooks } from './live-in-books.ts';
import { shanghai, type Life, type Sent } from './live-stream.ts';

const streams = 30;
const lives: Life[] = [];
/** The messages of all streams as the books have them in the end. */
const rows: { row: Awaited<ReturnType<MessageBook['findMessage']>>; sent: Sent[] }[] = [];

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
  for (const stream of fc.sample(aStream, { numRuns: streams, seed: 20_270_302 })) {
    const lived = await liveInBooks(book, stream);
    lives.push(lived.life);
    for (const [message, id] of lived.rows) {
      const isThis = ({ message: one }: Sent): boolean =>
        one.caseId === message.caseId && one.touch === message.touch && one.channel === message.channel;
      rows.push({ row: await book.findMessage(id), sent: lived.life.sent.filter(isThis) });
    }
  }
}, 600_000);
afterAll(() => book.close());

describe(`In ${streams} random lives of a customer, in the books and by the claim`, () => {
  test('no law is broken', () => {
    expect(lives.flatMap(brokenLaws)).toEqual([]);
    expect(lives.flatMap(({ sent }) => sent).length).toBeGreaterThan(streams);
  });

  test('every message has an end, and what did not go has its reason', () => {
    const ends = ['accepted', 'unknown', 'suppressed', 'expired', 'cancelled'];
    expect(rows.filter(({ row }) => !ends.includes(row.state))).toEqual([]);
    expect(rows.filter(({ row }) => !['accepted', 'unknown'].includes(row.state) && row.reason === null)).toEqual([]);
  });

  test('what left us is what the books say', () => {
    const went = ({ row }: (typeof rows)[number]): boolean => ['accepted', 'unknown'].includes(row.state);
    const left = ({ sent }: (typeof rows)[number]): number => sent.filter(({ proved }) => !proved).length;
    expect(rows.filter((one) => left(one) !== (went(one) ? 1 : 0))).toEqual([]);
  });

  test('a text speaks of the days that are left when it goes, however long it was held', () => {
    const wrong = rows.flatMap(({ row, sent }) => {
      const days = /还有(\d+)天/.exec(row.body ?? '')?.[1];
      const at = sent.findLast(({ proved }) => !proved)?.at;
      if (days === undefined || at === undefined) return [];
      const today = Date.parse(shanghai.dayOf(at));
      // A text that speaks for two covers of a vehicle counts to the one that expires first.
      const left = lives
        .flatMap(({ sent: all }) => all)
        .filter((one) => one.at === at)
        .map(({ of }) => (Date.parse(of.expiresOn) - today) / 86_400_000);
      return Number(days) <= Math.max(...left) ? [] : [`${days} instead of ${left.join()}`];
    });
    expect(wrong).toEqual([]);
  });
});
