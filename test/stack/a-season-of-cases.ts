import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { count, isNull, sql } from 'drizzle-orm';
import { connectTemporal, type CaseDeps } from '../../src/cases/connect.ts';
import { readConfig } from '../../src/config/config.ts';
import { connectDatabase } from '../../src/db/connection.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import type { Behaviour } from '../../src/stack/sms-behaviour.ts';
import { startStack, type Stack } from '../../src/stack/stack.ts';
import { addPeople, insertPolicy } from '../support/given-book.ts';
import { shanghai } from '../support/given-plan.ts';

/** A throwaway stack on which the cases of a small book live through days of a few seconds. */
export type Season = {
  stack: Stack;
  folder: string;
  dayMs: number;
  deps: CaseDeps;
  openCases: () => Promise<number>;
  /** What the stand-ins took, each as `address text`. */
  sent: () => Promise<{ sms: string[]; mails: string[] }>;
  holdSmsFor: (holdMs: number) => Promise<void>;
  /** How the SMS stand-in goes wrong, for all phones or for some. */
  behaveSms: (behaviour: Behaviour | Behaviour[]) => Promise<void>;
  close: () => Promise<void>;
};

type SeasonFacts = {
  today: string;
  policies: number;
  dayMs?: number;
  /** Without API and worker: the test runs workers of its own. */
  serversOnly?: boolean;
  /** Further settings of API and worker. */
  variables?: Record<string, string>;
  /** The day on which each policy expires, by its number. */
  expiresOn?: (turn: number) => string;
};

/** Business begins on the day given, and the nightly intake opens the cases of the policies. */
export async function startSeason({
  today,
  policies,
  dayMs = 4_000,
  serversOnly = false,
  variables = {},
  expiresOn = () => '2027-03-31',
}: SeasonFacts): Promise<Season> {
  const folder = mkdtempSync(join(tmpdir(), 'xubao-test-season-'));
  chmodSync(folder, 0o711);
  const options = {
    dataDir: join(folder, 'stack'),
    throwaway: true,
    today,
    dayMs,
    logLevel: 'warn',
    serversOnly,
    variables,
  };
  const stack = await startStack(options);
  const { db, close } = connectDatabase(stack.env['XUBAO_DATABASE_URL'] ?? '');
  const temporal = connectTemporal(readConfig(stack.env));
  await addPeople(db);
  for (let turn = 1; turn <= policies; turn += 1) await insertPolicy(db, turn, { expiresOn: expiresOn(turn) });
  return {
    stack,
    folder,
    dayMs,
    deps: { db, temporal, calendar: shanghai },
    openCases: async () => countOf(await db.select({ rows: count() }).from(renewals).where(isNull(renewals.outcome))),
    sent: () => readStandIns(stack),
    holdSmsFor: (holdMs) => behave(stack, { mode: 'hold', holdMs }),
    behaveSms: (behaviour) => behave(stack, behaviour),
    close: async () => {
      await temporal.close();
      await close();
      await stack.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function countOf([row]: { rows: number }[]): number {
  return row?.rows ?? 0;
}

async function behave({ urls }: Stack, behaviour: Behaviour | Behaviour[]): Promise<void> {
  const url = new URL('/behaviour', urls.sms);
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(behaviour) });
  if (!answer.ok) throw new Error(await answer.text());
}

async function readStandIns({ urls }: Stack): Promise<{ sms: string[]; mails: string[] }> {
  const sms = (await (await fetch(`${urls.sms}/messages`)).json()) as { to: string; body: string }[];
  const mails: unknown = await (await fetch(`${urls.mail}/api/email?limit=1000`)).json();
  return { sms: sms.map(({ to, body }) => `${to} ${body}`), mails: mailsOf(mails) };
}

type Mail = { to: { address: string }[]; subject: string };

function mailsOf(answer: unknown): string[] {
  const mails = (Array.isArray(answer) ? answer : (answer as { items: Mail[] }).items) as Mail[];
  return mails.map(({ to, subject }) => `${to.map(({ address }) => address).join()} ${subject}`);
}

/** Waits until a fact holds; says what it was waiting for when it never does. */
export async function until(fact: string, holds: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(50)) {
    if (await holds().catch(() => false)) return;
  }
  throw new Error(`waited in vain until ${fact}`);
}

/** How the messages of all cases stand, by touch, channel and state. */
export async function messageCounts({ db }: CaseDeps): Promise<Record<string, number>> {
  const { rows } = await db.execute<{ what: string; rows: number }>(
    sql`select touch || ' ' || channel || ' ' || state as what, count(*)::int as rows from messages group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ what, rows: number }) => [what, number]));
}
