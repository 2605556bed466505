import { eq, sql } from 'drizzle-orm';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import { onlyRow } from '../only-row.ts';
import { templates, type TemplateContent } from '../schema/templates.ts';
import {
  hashOfContent,
  lockTemplates,
  readTemplateRow,
  readTextInForce,
  templatesChain,
  type TemplateId,
  type TemplateRow,
} from './template-rows.ts';

export type Approval = TemplateId & {
  by: string;
  note?: string | undefined;
  /** Of the content that the second person looked at; another one refuses. */
  contentHash: string;
};

export type Approved =
  | { kind: 'approved'; row: TemplateRow }
  | { kind: 'unknown' }
  | { kind: 'retired' }
  | { kind: 'already-approved' }
  | { kind: 'own-draft' }
  | { kind: 'other-content' }
  | { kind: 'outdated'; inForce: number }
  | { kind: 'problems'; problems: { path: string; message: string }[] };

type Check = (content: TemplateContent) => { path: string; message: string }[];

/**
 * Puts a draft in force with the journal's entry, by somebody who did not write it, once more checked as the rules are at
 * this moment. A second time by the same person changes nothing.
 */
export async function approveTemplate(tx: Db, asked: Approval, check: Check): Promise<Approved> {
  await lockTemplates(tx);
  const row = await readTemplateRow(tx, asked);
  if (!row) return { kind: 'unknown' };
  const refusal = await refusalOf(tx, row, asked);
  if (refusal) return refusal;
  const problems = check(row.content);
  if (problems.length > 0) return { kind: 'problems', problems };
  const from = (await readTextInForce(tx, row))?.version ?? 0;
  const approved = await tx
    .update(templates)
    .set({
      state: 'approved',
      approvedBy: asked.by,
      approvedAt: sql`business_now()`,
      ...(asked.note === undefined ? {} : { note: asked.note }),
    })
    .where(eq(templates.id, row.id))
    .returning();
  await tellOfChange(tx, row, { by: asked.by, event: 'template-approved', reason: 'second-pair-of-eyes', from });
  return { kind: 'approved', row: onlyRow(approved) };
}

async function refusalOf(tx: Db, row: TemplateRow, { by, contentHash }: Approval): Promise<Approved | undefined> {
  if (row.state === 'retired') return { kind: 'retired' };
  if (row.state === 'approved') return row.approvedBy === by ? { kind: 'approved', row } : { kind: 'already-approved' };
  if (row.createdBy === by) return { kind: 'own-draft' };
  if (hashOfContent(row.content) !== contentHash) return { kind: 'other-content' };
  const inForce = (await readTextInForce(tx, row))?.version ?? 0;
  // Written against another text, it would take that one's successor back unseen.
  return inForce > row.basedOn ? { kind: 'outdated', inForce } : undefined;
}

export type Retired = { kind: 'retired'; row: TemplateRow } | { kind: 'unknown' };

/** Takes a version out of use for good: what was approved before it, in the end the shipped text, is in force again. */
export async function retireTemplate(tx: Db, { by, ...id }: TemplateId & { by: string }): Promise<Retired> {
  await lockTemplates(tx);
  const row = await readTemplateRow(tx, id);
  if (!row) return { kind: 'unknown' };
  if (row.state === 'retired') return { kind: 'retired', row };
  const from = (await readTextInForce(tx, row))?.version ?? 0;
  const retired = await tx
    .update(templates)
    .set({ state: 'retired', retiredBy: by, retiredAt: sql`business_now()` })
    .where(eq(templates.id, row.id))
    .returning();
  await tellOfChange(tx, row, { by, event: 'template-retired', reason: 'by-manager', from });
  return { kind: 'retired', row: onlyRow(retired) };
}

type Change = { by: string; event: string; reason: string; from: number };

/** `from` and `to` are the versions in force before and after. */
async function tellOfChange(tx: Db, row: TemplateRow, { by, event, reason, from }: Change): Promise<void> {
  const { key, language, version } = row;
  const to = (await readTextInForce(tx, row))?.version ?? 0;
  const inputs = { key, language, version, contentHash: hashOfContent(row.content), from, to };
  await journalise(tx, [{ chain: templatesChain, actor: by, event, reason, inputs }]);
}
