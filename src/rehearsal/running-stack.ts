import { sql } from 'drizzle-orm';
import { rmSync } from 'node:fs';

import { readConfig, type Config } from '../config/config.ts';
import { readStackSettings } from '../config/stack-settings.ts';
import { readClock } from '../db/business-clock.ts';
import type { Db } from '../db/connection.ts';
import { dayMs as calendarDayMs, type Day } from '../renewal/calendar.ts';
import { standInAccount } from '../stack/environment.ts';
import { environmentInReach } from '../stack/running-environment.ts';
import { reach, temporaryFolder, type RehearsalStack } from './rehearsal-stack.ts';

/** The name that a rehearsal's lists carry, so that its book can be told from a real one. */
export const rehearsalList = 'rehearsal-season.csv';

const here = /^(127[.]0[.]0[.]1|localhost|::1|\[::1\])$/;

/** Takes the embedded stack that the environment describes; refuses whatever could be real. Throws Errors of one line. */
export async function takeRunningStack(wanted: { today: Day; dayMs: number }): Promise<RehearsalStack> {
  const settings = readStackSettings(process.env);
  const env = environmentInReach(process.env, settings);
  const config = readConfig(env);
  refuseRealProviders(config);
  const reached = reach(env);
  const folder = temporaryFolder();
  const close = async (): Promise<void> => {
    await reached.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await requireRehearsalBook(reached.db);
    await requireClock(reached, wanted);
  } catch (error) {
    await close();
    throw error;
  }
  const urls = {
    api: config.api.publicUrl,
    sms: config.sms.baseUrl ?? '',
    mail: `http://127.0.0.1:${settings.ports.mail}`,
    temporalUi: config.temporal.uiUrl,
  };
  return { ...reached, urls, folder, close };
}

function refuseRealProviders({ production, sms, smtp, identity, api }: Config): void {
  const isHere = (url: string | undefined): boolean => url !== undefined && here.test(new URL(url).hostname);
  const refusals: [string, boolean][] = [
    ['it runs in production', production],
    ['its SMS provider is not a stand-in on this machine', !isHere(sms.baseUrl)],
    ['its Twilio account is not that of the stand-in', sms.accountSid !== standInAccount.accountSid],
    ['its mail server is not a catcher on this machine', !here.test(smtp.host)],
    ['its tokens come from a real issuer', identity.devKeysFile === undefined],
    ['its API is not on this machine', !isHere(api.publicUrl)],
  ];
  const refused = refusals.filter(([, holds]) => holds).map(([reason]) => reason);
  if (refused.length > 0) throw new Error(`This stack is not taken for a rehearsal: ${refused.join('; ')}.`);
}

async function requireRehearsalBook(db: Db): Promise<void> {
  const { rows } = await db.execute<{ foreign: number; open: number }>(sql`
    select (select count(*)::int from policies p left join imports i on i.id = p.import_id
        where i.file_name is distinct from ${rehearsalList}) as foreign,
      (select count(*)::int from renewals where outcome is null) as open`);
  const { foreign = 0, open = 0 } = rows[0] ?? {};
  if (foreign > 0)
    throw new Error(`This stack holds ${foreign} policies of another book; a rehearsal wants an empty one.`);
  if (open > 0) throw new Error(`${open} cases of an earlier rehearsal are still open on this stack.`);
}

async function requireClock(
  { db, calendar }: Pick<RehearsalStack, 'db' | 'calendar'>,
  wanted: { today: Day; dayMs: number },
): Promise<void> {
  const clock = await readClock(db);
  const hasDay = Math.round(calendarDayMs / clock.speed);
  if (Math.abs(hasDay - wanted.dayMs) > 1) {
    throw new Error(
      `A day of this stack lasts ${hasDay} ms; start it with XUBAO_DAY=${wanted.dayMs}ms or change --day.`,
    );
  }
  const { rows } = await db.execute<{ policies: number }>(sql`select count(*)::int as policies from policies`);
  if ((rows[0]?.policies ?? 0) > 0 && calendar.dayOf(clock.now) > wanted.today) {
    throw new Error(`This stack's business clock is past ${wanted.today}, where the season begins.`);
  }
}
