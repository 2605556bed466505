import { and, desc, eq, getTableColumns, sql } from 'drizzle-orm';
import { defaultSettings, type SettingContents, type SettingName } from '../renewal/settings.ts';
import type { Db } from './connection.ts';
import { journalise } from './journal/journal-records.ts';
import { onlyRow } from './only-row.ts';
import { prepareOnce } from './prepare-once.ts';
import { settings } from './schema/settings.ts';

export type Setting<Name extends SettingName> = { version: number; content: SettingContents[Name] };

export type SettingRow = typeof settings.$inferSelect;

/** Of the content as PostgreSQL keeps it, so that anybody who reads the row can compute it again. */
export const contentHash = sql<string>`encode(sha256(convert_to(${settings.content}::text, 'UTF8')), 'hex')`;

/** The version of a setting that is in force, or an older one by its number; version 0 is the default. */
export async function readSetting<Name extends SettingName>(
  db: Db,
  name: Name,
  version?: number,
): Promise<Setting<Name>> {
  const row = version === 0 ? undefined : await readSettingRow(db, name, version);
  if (!row) return { version: 0, content: defaultSettings[name] };
  return { version: row.version, content: row.content as SettingContents[Name] };
}

/** The newest version of each of the `names`, for a query that reads more besides. */
export function newestSettings(db: Db) {
  return db
    .selectDistinctOn([settings.name], { name: settings.name, version: settings.version, content: settings.content })
    .from(settings)
    .where(sql`${settings.name} = any(${sql.placeholder('names')}::text[])`)
    .orderBy(settings.name, desc(settings.version));
}

const newestOf = prepareOnce('settings_in_force', newestSettings);

/** Several settings as they are in force, in one look. */
export async function readSettings<const Names extends readonly SettingName[]>(
  db: Db,
  names: Names,
): Promise<{ [Name in Names[number]]: Setting<Name> }> {
  return settingsIn(await newestOf(db, { names: [...names] }), names);
}

/** The settings of these names as they are in force, from the newest version of each that has one. */
export function settingsIn<const Names extends readonly SettingName[]>(
  rows: readonly Pick<SettingRow, 'name' | 'version' | 'content'>[],
  names: Names,
): { [Name in Names[number]]: Setting<Name> } {
  const inForce = names.map((name) => {
    const row = rows.find((stored) => stored.name === name);
    return [name, { version: row?.version ?? 0, content: row?.content ?? defaultSettings[name] }];
  });
  return Object.fromEntries(inForce) as { [Name in Names[number]]: Setting<Name> };
}

/** The stored version with who changed it and when; none while the default holds. */
export async function readSettingRow(db: Db, name: SettingName, version?: number): Promise<SettingRow | undefined> {
  const [row] = await db
    .select()
    .from(settings)
    .where(and(eq(settings.name, name), version === undefined ? undefined : eq(settings.version, version)))
    .orderBy(desc(settings.version))
    .limit(1);
  return row;
}

export type SettingChange<Name extends SettingName> = {
  name: Name;
  content: SettingContents[Name];
  changedBy: string;
  reason?: string | undefined;
  /** The version that the change was made on; another one in force refuses it. */
  expected?: number | undefined;
};

export type ChangedSetting = { kind: 'changed'; row: SettingRow } | { kind: 'changed-meanwhile'; version: number };

/** Stores the next version of a setting with its journal entry, or nothing when somebody else was faster. */
export async function changeSetting<Name extends SettingName>(
  tx: Db,
  change: SettingChange<Name>,
): Promise<ChangedSetting> {
  const { name, content, changedBy, reason, expected } = change;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`settings.${name}`}))`);
  const { version: current } = await readSetting(tx, name);
  if (expected !== undefined && expected !== current) return { kind: 'changed-meanwhile', version: current };
  const version = current + 1;
  const stored = await tx
    .insert(settings)
    .values({ name, version, content, changedBy, reason: reason ?? null, changedAt: sql`business_now()` })
    .returning({ ...getTableColumns(settings), contentHash });
  const { contentHash: hash, ...row } = onlyRow(stored);
  // The words of an admin stay out of the journal; the hash shows whether a version was changed afterwards.
  const inputs = { version, contentHash: hash };
  await journalise(tx, [
    { chain: `settings.${name}`, actor: changedBy, event: 'setting-changed', reason: 'by-admin', inputs },
  ]);
  return { kind: 'changed', row };
}
