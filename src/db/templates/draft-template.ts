import { and, eq, max, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { templates, type TemplateContent } from '../schema/templates.ts';
import {
  hashOfContent,
  lockTemplates,
  readTextInForce,
  templatesChain,
  type TemplateName,
  type TemplateRow,
} from './template-rows.ts';

export type NewTemplate = TemplateName & {
  content: TemplateContent;
  /** The version whose content it repeats. */
  copyOf?: number | undefined;
  note?: string | undefined;
  by: string;
  /** Becomes the id of the version; the same request stores one. */
  requestId: string;
};

/** Stores the next version of a text as a draft, with the journal's entry. */
export async function draftTemplate(tx: Db, draft: NewTemplate): Promise<TemplateRow> {
  await lockTemplates(tx);
  const { key, language, content, copyOf, note, by, requestId } = draft;
  const [known] = await tx.select().from(templates).where(eq(templates.id, requestId));
  if (known) return known;
  const [last] = await tx
    .select({ version: max(templates.version) })
    .from(templates)
    .where(and(eq(templates.key, key), eq(templates.language, language)));
  const inForce = await readTextInForce(tx, draft);
  const facts = { key, language, version: (last?.version ?? 0) + 1, basedOn: inForce?.version ?? 0 };
  const row = { id: requestId, ...facts, state: 'draft' as const, content, note: note ?? null, createdBy: by };
  const stored = await tx
    .insert(templates)
    .values({ ...row, createdAt: sql`business_now()` })
    .returning();
  const inputs = { ...facts, contentHash: hashOfContent(content), ...(copyOf === undefined ? {} : { copyOf }) };
  await journalise(tx, [{ chain: templatesChain, actor: by, event: 'template-drafted', reason: 'by-admin', inputs }]);
  return onlyRow(stored);
}
