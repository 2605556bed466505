import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { contactResults, isEffectiveContact } from '../../renewal/contact-result.ts';
import { explain, type Explained } from '../../renewal/explanation.ts';
import type { TaskKind } from '../../renewal/task.ts';
import type { CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import type { renewals } from '../schema/renewals.ts';
import { tasks } from '../schema/tasks.ts';

const effectiveResults = contactResults.filter(isEffectiveContact);

type RenewalRow = typeof renewals.$inferSelect;

/** A case that leaves its fleet's work to another. */
type Leaving = { renewal: Pick<RenewalRow, 'id' | 'fleetId' | 'stage'> } & Pick<
  CaseSituation,
  'planVersion' | 'calendar' | 'clock'
>;

const heirsShown = 3;

/**
 * A fleet is negotiated once: what it is asked through a case that goes on passes to another open case of the fleet in the
 * same stage instead of falling away (business.md, Special lines). All kinds when none are named.
 */
export async function handOnFleetTasks(
  tx: Db,
  { renewal, ...deciding }: Leaving,
  kinds?: readonly TaskKind[],
): Promise<void> {
  if (renewal.fleetId === null) return;
  const heir = sql`(select r.id from renewals r where r.fleet_id = ${renewal.fleetId} and r.id <> ${renewal.id}
    and r.outcome is null and r.stage = ${tasks.stage} order by r.expires_on, r.id limit 1)`;
  const passed = await tx
    .update(tasks)
    .set({ renewalId: heir })
    .where(
      and(
        eq(tasks.renewalId, renewal.id),
        isNotNull(tasks.fleetId),
        eq(tasks.state, 'open'),
        kinds ? inArray(tasks.kind, [...kinds]) : undefined,
        sql`${heir} is not null`,
      ),
    )
    .returning({
      id: tasks.id,
      kind: tasks.kind,
      stage: tasks.stage,
      heirId: tasks.renewalId,
      heirs: heirsOf(renewal),
    });
  await journalise(
    tx,
    passed.map(({ id, ...task }) => ({
      chain: task.heirId ?? renewal.id,
      actor: 'system',
      event: `task-passed-on:${task.kind}`,
      reason: 'fleet-goes-on',
      inputs: { taskId: id, from: renewal.id, to: task.heirId, ...whyPassedOn(renewal, task, deciding) },
    })),
  );
}

type Heir = { renewalId: string; expiresOn: string };
type PassedOn = { kind: string; stage: string | null; heirId: string | null; heirs: Heir[] };

/** The cases that might have got a task, the first of them. In what an update answers, columns go by their own names. */
function heirsOf({ id, fleetId }: Leaving['renewal']) {
  return sql<Heir[]>`(select json_agg(heir) from (
    select r.id as "renewalId", r.expires_on as "expiresOn" from renewals r where r.fleet_id = ${fleetId}
      and r.id <> ${id} and r.outcome is null and r.stage = tasks.stage order by r.expires_on, r.id limit ${heirsShown}
  ) heir)`;
}

function whyPassedOn(
  { id, fleetId }: Leaving['renewal'],
  { kind, stage, heirId, heirs }: PassedOn,
  { planVersion, calendar, clock }: Omit<Leaving, 'renewal'>,
): Explained {
  const facts = { step: 'passing-on', kind, fleetId, stage, from: id, to: heirId, heirs };
  return explain('fleet-goes-on', facts, { planVersion, calendar, now: clock.now });
}

/** Whether the fleet's customer was really reached since the stage opened: one contact is for all of its vehicles. */
export async function fleetWasReached(tx: Db, renewal: RenewalRow): Promise<boolean> {
  if (renewal.fleetId === null || renewal.stageOpenedAt === null) return false;
  const { rows } = await tx.execute(sql`
    select 1 from renewals r join contact_results c on c.renewal_id = r.id
    where r.fleet_id = ${renewal.fleetId} and c.kind = 'contact' and c.state in ('received', 'applied')
      and c.corrected_at is null and c.result in ${effectiveResults} and c.recorded_at >= ${renewal.stageOpenedAt.toISOString()}
    limit 1`);
  return rows.length > 0;
}
