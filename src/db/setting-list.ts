import { and, desc, eq, lt } from 'drizzle-orm';
import type { Db } from './connection.ts';
import { settings } from './schema/settings.ts';
import { contentHash } from './settings-records.ts';
import { settingNames, type SettingName } from '../renewal/settings.ts';

type Page = { name: SettingName; before?: number | undefined; limit: number };

/** One page of the stored versions of a setting, the newest first: who changed it, when and why. Instants are business time. */
export function listSettingVersions(db: Db, { name, before, limit }: Page) {
  const { version, changedBy, changedAt, reason } = settings;
  return db
    .select({ version, changedBy, changedAt, reason, contentHash })
    .from(settings)
    .where(and(eq(settings.name, name), before === undefined ? undefined : lt(version, before)))
    .orderBy(desc(version))
    .limit(limit);
}

export type SettingInForce = { name: SettingName; version: number; changedBy: string | null; changedAt: Date | null };

/** Every setting with the version in force, in the order of their names' list; 0 where nobody has changed it. */
export async function listSettings(db: Db): Promise<SettingInForce[]> {
  const { name, version, changedBy, changedAt } = settings;
  const newest = await db
    .selectDistinctOn([name], { name, version, changedBy, changedAt })
    .from(settings)
    .orderBy(name, desc(version));
  return settingNames.map((known) => {
    const row = newest.find((one) => one.name === known);
    return row ? { ...row, name: known } : { name: known, version: 0, changedBy: null, changedAt: null };
  });
}
