import { eq, sql } from 'drizzle-orm';
import type { Calendar } from '../../renewal/calendar.ts';
import {
  judgeConcession,
  type ConcessionJudgement,
  type ConcessionLadder,
  type ConcessionRefusal,
} from '../../renewal/concession.ts';
import { RenewalError } from '../../renewal/errors.ts';
import { readSituation, type CaseSituation } from '../cases/case-situation.ts';
import { askLevel } from './concession-asks.ts';
import { hasBudget } from './concession-budget.ts';
import { readConcessionFacts } from './concession-facts.ts';
import { journaliseConcession, type ConcessionRow } from './concession-settling.ts';
import { replacePending, supersedeLower } from './one-concession.ts';
import type { Db } from '../connection.ts';
import { onlyRow } from '../only-row.ts';
import { concessions } from '../schema/concessions.ts';
import { readSetting } from '../settings-records.ts';
import type { Person } from '../staff/staff-records.ts';

export type NewConcession = {
  id: string;
  renewalId: string;
  /** Of the premium, with two decimals at most. */
  percent: number;
  benefit?: string | undefined;
  attachedService?: string | undefined;
  reason: string;
  requestedBy: Pick<Person, 'id' | 'roles'>;
};

/** `replaced` is the id of the request that waited on the case until this one asked for more. */
export type RequestedConcession =
  { kind: 'stored'; row: ConcessionRow; replaced?: string } | { kind: 'refused'; refusal: ConcessionRefusal };

/**
 * Enters a request: approved at once where nobody is needed, else put to the level that may decide (business.md,
 * Concessions). The same id again answers what is stored. Throws `case-closed`, and `concession-pending` when the case
 * waits for as much already.
 */
export async function requestConcession(
  tx: Db,
  asked: NewConcession,
  calendar: Calendar,
): Promise<RequestedConcession> {
  const stored = await readConcession(tx, asked.id);
  if (stored) return { kind: 'stored', row: stored };
  const situation = await readSituation(tx, asked.renewalId, calendar);
  const { outcome } = situation.renewal;
  if (outcome) throw new RenewalError('case-closed', `The case has closed as ${outcome}.`);
  const { version, content: ladder } = await readSetting(tx, 'concession-ladder');
  const facts = await readConcessionFacts(tx, situation, asked.requestedBy);
  const judged = judgeConcession(asked, facts, ladder);
  if (judged.kind === 'refused') return judged;
  if (ladder.enforceMix && !(await hasBudget(tx, situation, { percent: asked.percent, ladder }))) {
    return { kind: 'refused', refusal: 'budget-used-up' };
  }
  const { base } = facts;
  const replaced = await replacePending(tx, asked);
  const row = await insertConcession(tx, asked, { judged, base, version, situation });
  await enter(tx, { situation, row }, { judged, ladder, calendar });
  return { kind: 'stored', row: (await readConcession(tx, row.id)) ?? row, ...(replaced ? { replaced } : {}) };
}

type Judged = Exclude<ConcessionJudgement, { kind: 'refused' }>;

async function insertConcession(
  tx: Db,
  asked: NewConcession,
  { judged, base, version, situation }: { judged: Judged; base: string; version: number; situation: CaseSituation },
): Promise<ConcessionRow> {
  const { id: requestedBy } = asked.requestedBy;
  const approved = judged.kind === 'approved';
  const stored = await tx
    .insert(concessions)
    .values({
      ...asked,
      requestedBy,
      branchId: situation.renewal.branchId,
      percent: String(asked.percent),
      step: judged.step,
      premium: base,
      ladderVersion: version,
      state: approved ? 'approved' : 'pending',
      level: judged.level,
      requestedAt: sql`business_now()`,
      ...(approved ? { decidedBy: requestedBy, decidedAt: sql`business_now()` } : {}),
    })
    .returning();
  return onlyRow(stored);
}

async function enter(
  tx: Db,
  { situation, row }: { situation: CaseSituation; row: ConcessionRow },
  { judged, ladder, calendar }: { judged: Judged; ladder: ConcessionLadder; calendar: Calendar },
): Promise<void> {
  await journaliseConcession(tx, row, { actor: row.requestedBy, event: 'concession-requested', reason: 'by-person' });
  const { kind, level } = judged;
  if (kind === 'to-decide' && level !== 'nobody') {
    const ask = { level, reason: 'authority-by-percentage', ladder, calendar };
    await askLevel(tx, { situation, concession: row }, ask);
    return;
  }
  const reason = level === 'nobody' ? 'nobody-needed' : 'own-right';
  await journaliseConcession(tx, row, { actor: row.requestedBy, event: 'concession-approved', reason });
  await supersedeLower(tx, row);
}

async function readConcession(db: Db, id: string): Promise<ConcessionRow | undefined> {
  const [row] = await db.select().from(concessions).where(eq(concessions.id, id));
  return row;
}

/** The case and the concession, both locked until the transaction ends; the case first, as whoever closes it does. */
export async function lockConcession(
  tx: Db,
  id: string,
  calendar: Calendar,
): Promise<{ situation: CaseSituation; concession: ConcessionRow } | undefined> {
  const known = await readConcession(tx, id);
  if (!known) return undefined;
  const situation = await readSituation(tx, known.renewalId, calendar);
  const rows = await tx.select().from(concessions).where(eq(concessions.id, id)).for('update');
  return { situation, concession: onlyRow(rows) };
}
