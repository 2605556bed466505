import type { Db } from '../db/connection.ts';
import { readResult } from '../db/results/struck-results.ts';
import { readSetting } from '../db/settings-records.ts';
import type { LossReason } from '../renewal/loss.ts';
import type { LossReasonRules } from '../renewal/settings.ts';
import { badFields, type FieldError } from './doors/problem.ts';
import { problemOfReason } from './schemas/explained-reason.ts';

type Said = {
  lossReason?: string | undefined;
  note?: string | undefined;
  evidence?: string | undefined;
  evidenceReference?: string | undefined;
};

/**
 * What the setting asks of a loss reason that somebody chose: that it is on offer, explained where it has to be, and proved
 * where it has to be. A request that is sent once more is not judged again.
 */
export async function requireReasonRules(db: Db, said: Said & { id: string }, at = ''): Promise<void> {
  if (said.lossReason === undefined || (await readResult(db, said.id))) return;
  const { content } = await readSetting(db, 'loss-reasons');
  const broken = brokenRules(content, said);
  if (broken.length > 0) throw badFields(broken.map(({ path, message }) => ({ path: `${at}${path}`, message })));
}

/** The same of the actual reason that a call-back found; the call is its proof. */
export async function requireFoundReason(
  db: Db,
  { actualReason, note }: { actualReason?: LossReason | undefined; note: string },
): Promise<void> {
  const { content } = await readSetting(db, 'loss-reasons');
  const broken = brokenRules(content, { lossReason: actualReason, note, evidence: 'the call' });
  if (broken.length === 0) return;
  throw badFields(broken.map((error) => (error.path === 'lossReason' ? { ...error, path: 'actualReason' } : error)));
}

function brokenRules(rules: LossReasonRules, { lossReason, note, evidence, evidenceReference }: Said): FieldError[] {
  const rule = rules.reasons.find(({ reason }) => reason === lossReason);
  if (!rule) return [];
  const { reason, offered, needsNote, needsEvidence } = rule;
  if (!offered) return [{ path: 'lossReason', message: `${reason} is not on offer any more; choose another` }];
  const vague = needsNote ? problemOfReason(note, reason) : undefined;
  const unproved = needsEvidence && evidence === undefined && evidenceReference === undefined;
  return [
    ...(vague === undefined ? [] : [{ path: 'note', message: vague }]),
    ...(unproved ? [{ path: 'evidence', message: `The loss reason ${reason} needs its proof` }] : []),
  ];
}
