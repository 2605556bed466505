import { createHash } from 'node:crypto';
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { prepareOnce } from '../prepare-once.ts';
import { templates, type TemplateContent } from '../schema/templates.ts';

/** The chain of the journal that tells who drafted, approved and retired which version of which text. */
export const templatesChain = 'templates';

export type TemplateRow = typeof templates.$inferSelect;
export type TemplateName = { key: string; language: string };
export type TemplateId = TemplateName & { version: number };

/** The newest approved version of the text `key` in a `language`. */
export function newestText(db: Db) {
  return db
    .select({ version: templates.version, content: templates.content })
    .from(templates)
    .where(
      and(
        eq(templates.key, sql.placeholder('key')),
        eq(templates.language, sql.placeholder('language')),
        eq(templates.state, 'approved'),
      ),
    )
    .orderBy(desc(templates.version))
    .limit(1);
}

const textInForce = prepareOnce('text_in_force', newestText);

/** The newest approved version of a text; nothing while the shipped one is in force. */
export async function readTextInForce(
  db: Db,
  { key, language }: TemplateName,
): Promise<{ version: number; content: TemplateContent } | undefined> {
  const [row] = await textInForce(db, { key, language });
  return row;
}

export async function readTemplateRow(
  db: Db,
  { key, language, version }: TemplateId,
): Promise<TemplateRow | undefined> {
  const [row] = await db
    .select()
    .from(templates)
    .where(and(eq(templates.key, key), eq(templates.language, language), eq(templates.version, version)));
  return row;
}

/** All versions that were ever written, the newest first. */
export function readTemplateRows(db: Db): Promise<TemplateRow[]> {
  return db.select().from(templates).orderBy(templates.key, templates.language, desc(templates.version));
}

/** One draft, approval or retirement at a time, so that versions come in order. */
export async function lockTemplates(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${templatesChain}))`);
}

/** SHA-256 of what a version says, as the journal keeps it; the order of its fields does not count. */
export function hashOfContent({ sms, subject, email, providerTemplates = {} }: TemplateContent): string {
  const codes = Object.entries(providerTemplates).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([sms, subject, email, codes]))
    .digest('hex');
}
