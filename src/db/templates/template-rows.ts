import { and, desc, eq, getTableColumns, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { templates, type TemplateContent } from '../schema/templates.ts';

/** The chain of the journal that tells who drafted, approved and retired which version of which text. */
export const templatesChain = 'templates';

/** By its content alone: what is the same in another order of fields has the same hash. */
export const contentHash = sql<string>`encode(sha256(convert_to(${templates.content}::text, 'UTF8')), 'hex')`;

export type TemplateRow = typeof templates.$inferSelect & { contentHash: string };
export type TemplateName = { key: string; language: string };

export const templateColumns = { ...getTableColumns(templates), contentHash };

/** The newest approved version of a text; nothing while the shipped one is in force. */
export async function readTextInForce(
  db: Db,
  { key, language }: TemplateName,
): Promise<{ version: number; content: TemplateContent } | undefined> {
  const { version, content } = templates;
  const [row] = await db
    .select({ version, content })
    .from(templates)
    .where(and(eq(templates.key, key), eq(templates.language, language), eq(templates.state, 'approved')))
    .orderBy(desc(templates.version))
    .limit(1);
  return row;
}

export async function readTemplateRow(
  db: Db,
  { key, language, version }: TemplateName & { version: number },
): Promise<TemplateRow | undefined> {
  const [row] = await db
    .select(templateColumns)
    .from(templates)
    .where(and(eq(templates.key, key), eq(templates.language, language), eq(templates.version, version)));
  return row;
}

/** One draft, approval or retirement at a time, so that versions come in order. */
export async function lockTemplates(tx: Db): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${templatesChain}))`);
}
