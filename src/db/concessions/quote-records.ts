import { Decimal } from 'decimal.js';
import { eq, max, sql } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import { RenewalError } from '../../renewal/errors.ts';
import { judgeQuote, quoteKindAt, type QuoteRefusal } from '../../renewal/quote.ts';
import { readSituation, type CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { readSetting } from '../settings-records.ts';
import { inCents, readQuoteFacts } from './concession-facts.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { quotes } from '../schema/quotes.ts';
import { readTask, type TaskRow } from '../tasks/task-completion.ts';

export type QuoteRow = typeof quotes.$inferSelect;

export type NewQuote = {
  id: string;
  renewalId: string;
  /** Decimal string. */
  premium: string;
  validUntil?: Date | undefined;
  note?: string | undefined;
  quotedBy: string;
};

/** A premium that nobody, or not this person, may quote; `least` is the lowest one (decimal string). */
export type QuoteTooLow = { kind: 'quote-too-low'; refusal: QuoteRefusal; least: string };
type GivenQuote = { kind: 'stored'; row: QuoteRow } | QuoteTooLow;

/** Gives a case the next version of its quote; the same id again answers what is stored. Throws `case-closed`. */
export async function giveQuote(tx: Db, quote: NewQuote, calendar: Calendar): Promise<GivenQuote> {
  const row = await storedQuote(tx, quote.id);
  if (row) return { kind: 'stored', row };
  return storeQuote(tx, await readSituation(tx, quote.renewalId, calendar), quote);
}

/** The quote that completes a task, or none when somebody else completed it first. */
export async function quoteForTask(
  tx: Db,
  { task, quote }: { task: TaskRow; quote: NewQuote },
  calendar: Calendar,
): Promise<GivenQuote | undefined> {
  const situation = await readSituation(tx, quote.renewalId, calendar);
  const now = await readTask(tx, task.id);
  if (now?.state !== 'open') return undefined;
  return storeQuote(tx, situation, { ...quote, task });
}

async function storedQuote(tx: Db, id: string): Promise<QuoteRow | undefined> {
  const [row] = await tx.select().from(quotes).where(eq(quotes.id, id));
  return row;
}

type QuoteToStore = NewQuote & { task?: TaskRow };

async function storeQuote(tx: Db, situation: CaseSituation, quote: QuoteToStore): Promise<GivenQuote> {
  const { outcome } = situation.renewal;
  if (outcome) throw new RenewalError('case-closed', `The case has closed as ${outcome}.`);
  const { content: ladder } = await readSetting(tx, 'concession-ladder');
  const judged = judgeQuote(inCents(quote.premium), await readQuoteFacts(tx, situation, quote.quotedBy), ladder);
  switch (judged.kind) {
    case 'fits':
      return { kind: 'stored', row: await insertQuote(tx, situation, quote) };
    case 'too-low': {
      const least = new Decimal(judged.least.toString()).div(100).toFixed(2);
      return { kind: 'quote-too-low', refusal: judged.refusal, least };
    }
  }
}

async function insertQuote(tx: Db, { renewal, plan, clock }: CaseSituation, quote: QuoteToStore): Promise<QuoteRow> {
  const { task, ...fields } = quote;
  const kind = quoteKindAt(clock.now, plan);
  const version = (await newestVersion(tx, renewal.id)) + 1;
  const stored = await tx
    .insert(quotes)
    .values({ ...fields, version, kind, quotedAt: sql`business_now()` })
    .returning();
  const tooEarly = task?.kind === 'firm-quote' && kind === 'indicative';
  await journalise(tx, [
    {
      chain: renewal.id,
      actor: quote.quotedBy,
      event: `quote-given:${kind}`,
      reason: tooEarly ? 'bind-clock-not-open' : 'recorded',
      inputs: { quoteId: quote.id, version, ...(task ? { taskId: task.id } : {}) },
    },
  ]);
  return onlyRow(stored);
}

async function newestVersion(tx: Db, renewalId: string): Promise<number> {
  const rows = await tx
    .select({ version: max(quotes.version) })
    .from(quotes)
    .where(eq(quotes.renewalId, renewalId));
  return rows[0]?.version ?? 0;
}
