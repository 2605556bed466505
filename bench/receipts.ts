import { sql } from 'drizzle-orm';
import { storeReceipt } from '../src/db/messages/attempt-records.ts';
import type { Db } from '../src/db/connection.ts';
import { furtherReceipt, stateOfReceipt, type Receipt } from '../src/messaging/receipt-rank.ts';
import { applyStored } from '../src/messaging/stored-receipt.ts';
import { twilioState } from '../src/messaging/twilio-status.ts';
import { calendar, withLargeBook } from './a-large-book.ts';

// Twilio's words for messages, doubled, shuffled and late, and whether each message ends where its words lead: all of them
// through the rule, some of them through the books as the webhook takes them, in a throwaway PostgreSQL:
// npx node bench/receipts.ts [through the rule] [through the books].
const throughTheRule = Number(process.argv[2] ?? 1_000_000);
const throughTheBooks = Number(process.argv[3] ?? 100_000);
const atOnce = 20;

type Word = { message: number; status: string; errorCode: string };

/** The words of one message in the order in which a provider that works says them, and where they lead. */
const lives = [
  { words: ['queued', 'sending', 'sent', 'delivered'], end: 'delivered' },
  { words: ['queued', 'sent', 'undelivered'], end: 'undelivered' },
  { words: ['queued', 'failed'], end: 'undelivered' },
  { words: ['accepted', 'queued', 'sending', 'sent'], end: 'accepted' },
  { words: ['queued', 'sending', 'sent', 'undelivered', 'delivered'], end: 'delivered' },
] as const;

/** The same numbers in every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** So many words of messages in any order, each said once to three times; `ends` says where each message is led to. */
function shuffledWords(count: number): { words: Word[]; ends: string[] } {
  const next = chance(20_261_123);
  const words: Word[] = [];
  const ends: string[] = [];
  while (words.length < count) {
    const life = lives[Math.floor(next() * lives.length)] ?? lives[0];
    const message = ends.push(life.end) - 1;
    for (const status of life.words) {
      const errorCode = twilioState(status) === 'undelivered' ? '30003' : '';
      for (let times = Math.ceil(next() * 3); times > 0; times -= 1) words.push({ message, status, errorCode });
    }
  }
  const places = Float64Array.from(words, next);
  const order = Uint32Array.from(words, (_, place) => place).toSorted(
    (one, other) => (places[one] ?? 0) - (places[other] ?? 0),
  );
  return { words: Array.from(order, (place) => words[place]).filter((word) => word !== undefined), ends };
}

function receiptOf({ status, errorCode }: Word): Receipt {
  return { state: twilioState(status) ?? 'queued', status, errorCode: errorCode || null };
}

function runThroughTheRule(): void {
  const { words, ends } = shuffledWords(throughTheRule);
  const known: (Receipt | undefined)[] = [];
  const began = performance.now();
  for (const word of words) {
    const before = known[word.message];
    const said = receiptOf(word);
    known[word.message] = before ? furtherReceipt(before, said) : said;
  }
  const seconds = (performance.now() - began) / 1_000;
  const wrong = ends.filter((end, message) => known[message] === undefined || stateOfReceipt(known[message]) !== end);
  report('through the rule', { words: words.length, messages: ends.length, wrong: wrong.length, seconds });
}

async function runThroughTheBooks(db: Db, cases: number): Promise<void> {
  const { words, ends } = shuffledWords(throughTheBooks);
  const attempts = await beginAttempts(db, ends.length, cases);
  const cpu = process.cpuUsage();
  const began = performance.now();
  let at = 0;
  const call = async (): Promise<void> => {
    for (let word = words[at++]; word; word = words[at++]) {
      const attemptId = attempts[word.message] ?? '';
      const told = { attemptId, providerId: `SM${word.message}`, status: word.status, errorCode: word.errorCode };
      const { id, isApplied } = await storeReceipt(db, told);
      if (!isApplied) await applyStored(db, { id, ...told }, calendar);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, call));
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const wrong = await countWrong(db, { attempts, ends });
  report('through the books', { words: words.length, messages: ends.length, wrong, seconds });
  console.log(
    `CPU of the process ${((user + system) / 1e6).toFixed(1)} s; ${await countJournal(db)} entries in the journal`,
  );
}

/** One message each, in turn on the cases, whose attempt was begun and never answered. */
async function beginAttempts(db: Db, count: number, cases: number): Promise<string[]> {
  await db.execute(sql`with place as (
      select r.id, p.customer_id, row_number() over (order by r.id) - 1 as number from renewals r join policies p on p.id = r.policy_id)
    insert into messages (id, renewal_id, touch, channel, customer_id, template, state, due_at, latest_at, attempt_id, claimed_at)
    select gen_random_uuid(), place.id, 'bench-' || n, 'sms', place.customer_id, 'expiry-near',
      case when n % 2 = 0 then 'unknown' else 'claimed' end, business_now(), business_now(), gen_random_uuid(), business_now()
    from generate_series(0, ${count - 1}::int) n join place on place.number = n % ${cases}::int`);
  await db.execute(sql`insert into message_attempts (id, message_id, provider, state, claimed_at)
    select attempt_id, id, 'twilio', state, claimed_at from messages where attempt_id is not null`);
  const { rows } = await db.execute<{ id: string; touch: string }>(
    sql`select attempt_id as id, touch from messages where attempt_id is not null`,
  );
  const attempts: string[] = [];
  for (const { id, touch } of rows) attempts[Number(touch.slice('bench-'.length))] = id;
  return attempts;
}

async function countWrong(db: Db, { attempts, ends }: { attempts: readonly string[]; ends: readonly string[] }) {
  const { rows } = await db.execute<{ id: string; state: string }>(
    sql`select m.attempt_id as id, m.state from messages m join message_attempts a on a.id = m.attempt_id and a.state = m.state`,
  );
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  return ends.filter((end, message) => states.get(attempts[message] ?? '') !== end).length;
}

async function countJournal(db: Db): Promise<number> {
  const { rows } = await db.execute<{ count: string }>(
    sql`select count(*) from journal where event in ('message-accepted', 'message-delivered', 'message-undelivered')`,
  );
  return Number(rows[0]?.count ?? 0);
}

function report(way: string, of: { words: number; messages: number; wrong: number; seconds: number }): void {
  const { words, messages, wrong, seconds } = of;
  const rate = Math.round(words / seconds).toLocaleString('en');
  console.log(
    `${way}: ${words} words of ${messages} messages, ${wrong} in a wrong state; ${seconds.toFixed(1)} s, ${rate} a second`,
  );
  if (wrong > 0) process.exitCode = 1;
}

runThroughTheRule();
const cases = 2_000;
await withLargeBook({ open: cases, coming: 0 }, (db) => runThroughTheBooks(db, cases));
