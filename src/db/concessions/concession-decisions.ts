import { and, eq } from 'drizzle-orm';
import type { Calendar, Instant } from '../../renewal/calendar.ts';
import { authorityOver, levelAbove, rungFor, type ConcessionLevel } from '../../renewal/concession.ts';
import { RenewalError } from '../../renewal/errors.ts';
import { wallInstant } from '../business-clock.ts';
import { hasCome, type CaseSituation } from '../cases/case-situation.ts';
import { answerAsk, askLevel } from './concession-asks.ts';
import { hasBudget } from './concession-budget.ts';
import { lockConcession } from './concession-records.ts';
import { journaliseConcession, settleConcession, type ConcessionRow } from './concession-settling.ts';
import { supersedeLower } from './one-concession.ts';
import type { Db } from '../connection.ts';
import { concessions } from '../schema/concessions.ts';
import { readSetting } from '../settings-records.ts';
import type { Person } from '../staff/staff-records.ts';

export type ConcessionDecision = {
  concessionId: string;
  decision: 'approve' | 'reject';
  note: string;
  attachedService?: string | undefined;
  signed?: boolean | undefined;
  decidedBy: Pick<Person, 'id' | 'roles'>;
};

export type DecidedConcession =
  | { kind: 'decided'; row: ConcessionRow }
  | { kind: 'unknown' }
  | { kind: 'own-request' }
  | { kind: 'not-authorised'; level: ConcessionLevel }
  | { kind: 'service-missing'; field: 'attachedService' | 'signed' }
  | { kind: 'budget-used-up' };

/**
 * The decision of somebody with at least the authority that is asked. The same decision of the same person again answers
 * what is stored; any other throws `concession-decided`.
 */
export async function decideConcession(
  tx: Db,
  decided: ConcessionDecision,
  calendar: Calendar,
): Promise<DecidedConcession> {
  const locked = await lockConcession(tx, decided.concessionId, calendar);
  if (!locked) return { kind: 'unknown' };
  const { concession } = locked;
  const { decidedBy: by } = decided;
  const level = concession.level as ConcessionLevel;
  const authority = authorityOver(level, by.roles);
  if (concession.requestedBy === by.id) return { kind: 'own-request' };
  if (authority === undefined) return { kind: 'not-authorised', level };
  if (concession.state !== 'pending') return decidedBefore(concession, decided);
  const hindrance = decided.decision === 'approve' ? await hindranceOf(tx, locked, decided) : undefined;
  return hindrance ?? { kind: 'decided', row: await settle(tx, concession, { decided, authority }) };
}

function decidedBefore(concession: ConcessionRow, { decision, decidedBy }: ConcessionDecision): DecidedConcession {
  const came = concession.state === 'superseded' ? 'approved' : concession.state;
  const isSame = came === stateOf(decision) && concession.decidedBy === decidedBy.id;
  if (isSame) return { kind: 'decided', row: concession };
  throw new RenewalError('concession-decided', `This concession is ${concession.state} already.`);
}

function stateOf(decision: ConcessionDecision['decision']): 'approved' | 'rejected' {
  return decision === 'approve' ? 'approved' : 'rejected';
}

/** What the last rung asks for besides, and an enforced budget; both by the ladder that the request was made under. */
async function hindranceOf(
  tx: Db,
  { situation, concession }: { situation: CaseSituation; concession: ConcessionRow },
  decided: ConcessionDecision,
): Promise<DecidedConcession | undefined> {
  const { content: ladder } = await readSetting(tx, 'concession-ladder', concession.ladderVersion);
  const percent = Number(concession.percent);
  if (rungFor(percent, ladder)?.needsAttachedService) {
    const service = decided.attachedService ?? concession.attachedService;
    if (service === null) return { kind: 'service-missing', field: 'attachedService' };
    if (decided.signed !== true) return { kind: 'service-missing', field: 'signed' };
  }
  const hasRoom = !ladder.enforceMix || (await hasBudget(tx, situation, { percent, ladder }));
  return hasRoom ? undefined : { kind: 'budget-used-up' };
}

async function settle(
  tx: Db,
  concession: ConcessionRow,
  { decided, authority }: { decided: ConcessionDecision; authority: ConcessionLevel },
): Promise<ConcessionRow> {
  const { note, signed = false, attachedService, decidedBy: by } = decided;
  const state = stateOf(decided.decision);
  await answerAsk(tx, concession, { answer: state, by: by.id, decided: true });
  const row = await settleConcession(tx, concession.id, {
    state,
    decidedBy: by.id,
    decisionNote: note,
    signed,
    attachedService: attachedService ?? concession.attachedService,
  });
  const inputs = { authority, signed, attachedService: row.attachedService !== null };
  await journaliseConcession(tx, row, { actor: by.id, event: `concession-${state}`, reason: 'by-authority', inputs });
  if (state === 'approved') await supersedeLower(tx, row);
  return row;
}

/** What a concession waits for: the wall instant of its deadline, or nothing any more. */
export type Waiting = { kind: 'waiting'; level: string; until: Instant } | { kind: 'settled'; state: string };

/** What a passed deadline brings: the level above is asked; above the last one there is only the lapse. A held case waits. */
export async function actOnConcessionSilence(tx: Db, concessionId: string, calendar: Calendar): Promise<Waiting> {
  const locked = await lockConcession(tx, concessionId, calendar);
  if (!locked) throw new RenewalError('renewal-unknown', 'No concession has this id.');
  const { situation, concession } = locked;
  if (concession.state !== 'pending') return { kind: 'settled', state: concession.state };
  const level = concession.level as ConcessionLevel;
  const deadline = Math.max(concession.dueAt?.getTime() ?? 0, situation.renewal.heldUntil?.getTime() ?? 0);
  const wait = (asked: string, until: Instant): Waiting => {
    return { kind: 'waiting', level: asked, until: wallInstant(situation.clock, until) };
  };
  if (!hasCome(situation, deadline)) return wait(level, deadline);
  const above = levelAbove(level);
  await answerAsk(tx, concession, { answer: 'no-answer', by: 'system', decided: false });
  if (above === undefined || above === 'nobody') return { kind: 'settled', state: await lapse(tx, concession) };
  const { content: ladder } = await readSetting(tx, 'concession-ladder', concession.ladderVersion);
  const ask = { level: above, reason: 'no-answer-in-time', ladder, calendar };
  return wait(above, await askLevel(tx, locked, ask));
}

async function lapse(tx: Db, concession: ConcessionRow): Promise<string> {
  const row = await settleConcession(tx, concession.id, { state: 'lapsed', lapsedReason: 'no-answer' });
  const reason = 'no-answer-at-the-top';
  await journaliseConcession(tx, row, { actor: 'system', event: 'concession-lapsed', reason });
  return row.state;
}

/** A case that closes takes its pending concessions with it. */
export async function lapseConcessions(tx: Db, renewalId: string, reason: string): Promise<void> {
  const pending = await tx
    .select()
    .from(concessions)
    .where(and(eq(concessions.renewalId, renewalId), eq(concessions.state, 'pending')))
    .for('update');
  for (const concession of pending) {
    await answerAsk(tx, concession, { answer: 'case-closed', by: 'system', decided: false });
    const row = await settleConcession(tx, concession.id, { state: 'lapsed', lapsedReason: reason });
    await journaliseConcession(tx, row, { actor: 'system', event: 'concession-lapsed', reason });
  }
}
