import { knownMessage } from '../db/messages/follow-messages.ts';
import { renewalIdOf } from '../db/cases/intake-records.ts';
import { fleetIdOf } from '../db/cases/special-line-records.ts';
import { lossReasonOf } from '../db/cases/stage-records.ts';
import type { messages } from '../db/schema/messages.ts';
import type { policies } from '../db/schema/policies.ts';
import type { renewals } from '../db/schema/renewals.ts';
import type { tasks } from '../db/schema/tasks.ts';
import { addDays, addWorkdays, type Calendar, type Day, type Instant } from '../renewal/calendar.ts';
import type { CaseFacts } from '../renewal/case-state.ts';
import { decideEligibility, horizonDays, type EligibilityFacts } from '../renewal/eligibility.ts';
import { chooseSegment, type Segment } from '../renewal/segment.ts';
import { chooseFirstOwner } from '../renewal/special-lines.ts';
import type { Stage, StagePlan } from '../renewal/stage-plan.ts';
import type { TaskKind, TaskRole } from '../renewal/task.ts';
import type { CaseOfWork, ForecastCase, ForecastMessage, ForecastTask } from './forecast-case.ts';
import type { People } from './read-people.ts';
import type { PlanOf } from './rules-in-force.ts';

type PolicyRow = typeof policies.$inferSelect;
type Picked<Table extends { $inferSelect: object }, Names extends keyof Table['$inferSelect']> = Pick<
  Table['$inferSelect'],
  Names
>;

/** A case as the database has it, with the people whom its list names. */
export type OpenRow = {
  renewal: typeof renewals.$inferSelect;
  customerId: string;
  plate: string | null;
  vin: string | null;
  specialistId: string | null;
  supervisorId: string | null;
  handoverDueAt: Date | null;
  isOffered: boolean;
  fleetReachedAt: Date | null;
};
export type ComingRow = { policy: PolicyRow; facts: EligibilityFacts };
type MessageRow = Picked<
  typeof messages,
  'touch' | 'channel' | 'template' | 'state' | 'reason' | 'dueAt' | 'latestAt' | 'heldUntil' | 'cameToAt'
>;
type TaskRow = Picked<
  typeof tasks,
  'key' | 'kind' | 'stage' | 'state' | 'droppedReason' | 'dueAt' | 'role' | 'assigneeId'
>;

/** What decides when policies get their cases, and from when on nobody owns one. */
export type Opening = { now: Instant; calendar: Calendar; people: People; planOf: PlanOf };

/** The hour of the nightly intake. */
const intakeMinute = 5 * 60;

/** A case as its rows stand. */
export function openCase(
  row: OpenRow,
  { messages: sent, tasks: given }: { messages: readonly MessageRow[]; tasks: readonly TaskRow[] },
  opening: Opening,
): ForecastCase {
  const { renewal, plate, vin, specialistId, supervisorId } = row;
  const { id, branchId, teamId, fleetId, expiresOn, ownerId } = renewal;
  const stage = renewal.stage as Stage | null;
  const owned = { id, branchId, teamId, fleetId, expiresOn, ownerId, specialistId, supervisorId };
  const work: CaseOfWork = { ...owned, stage, isClosed: false, tasks: [] };
  work.tasks = given.map((task) => taskOf(task, work));
  const segment = renewal.segment as Segment;
  const orphanedAt = renewal.orphanedAt?.getTime() ?? ownerLeavesAt(ownerId, opening);
  return {
    work,
    expiresOn,
    graceFrom: renewal.graceFrom,
    spreadKey: id,
    segment,
    plate,
    vin,
    openedAt: renewal.openedAt.getTime(),
    isComing: false,
    stageOpenedAt: renewal.stageOpenedAt?.getTime() ?? null,
    stageEndsAt: renewal.stageEndsAt?.getTime() ?? null,
    handedOut: renewal.handedOutAt !== null,
    callCentreSince: renewal.callCentreSince?.getTime() ?? null,
    facts: factsOf(renewal, opening.planOf({ work, segment }).plan),
    armedPlan: renewal.planVersion,
    fleetReachedAt: row.fleetReachedAt?.getTime() ?? null,
    orphanedAt,
    handedOffAt: orphanedAt === null ? null : handedOffAt(row, orphanedAt, { ...opening, segment, work }),
    messages: sent.map((message): ForecastMessage => {
      return { ...knownMessage(message), heldUntil: message.heldUntil?.getTime() ?? null };
    }),
  };
}

/** In business instants what a rebuilt case would start from. */
function factsOf(renewal: OpenRow['renewal'], { minimumAttempts }: StagePlan): CaseFacts {
  const { stage, callBackAt, heldUntil, secondRoundDueAt } = renewal;
  return {
    ...(stage === null ? {} : { stage: stage as Stage }),
    resultCounted: renewal.resultCounted,
    confirmed: renewal.confirmedAt !== null,
    attempts: renewal.attempts,
    minimumAttempts,
    refusedContact: renewal.refusedContactAt !== null,
    owned: renewal.orphanedAt === null,
    escalated: renewal.escalated,
    ...(callBackAt ? { callBackAt: callBackAt.getTime() } : {}),
    ...(heldUntil ? { heldUntil: heldUntil.getTime() } : {}),
    ...(secondRoundDueAt
      ? { secondRound: { reason: lossReasonOf(renewal.secondRoundReason), dueAt: secondRoundDueAt.getTime() } }
      : {}),
  };
}

/** The key of a task ends with its kind and its occasion. */
function taskOf({ key, ...row }: TaskRow, holder: CaseOfWork): ForecastTask {
  return {
    ...row,
    holder,
    kind: row.kind as TaskKind,
    occasion: key.slice(key.indexOf(`/${row.kind}/`) + row.kind.length + 2),
    role: row.role as TaskRole,
    stage: row.stage as Stage | null,
    dueAt: row.dueAt.getTime(),
  };
}

/** The first intake of a day from now on. */
function intakeOf(day: Day, { calendar, now }: Opening): Instant {
  const today = calendar.dayOf(now);
  const at = calendar.instantOf(day > today ? day : today, intakeMinute);
  return at > now ? at : calendar.instantOf(addDays(today, 1), intakeMinute);
}

/** Cases of somebody who leaves are orphans from the next intake on; null when their owner stays. */
function ownerLeavesAt(ownerId: string | null, opening: Opening): Instant | null {
  const departedOn = ownerId === null ? undefined : opening.people.byId.get(ownerId)?.departedOn;
  return departedOn ? intakeOf(departedOn, opening) : null;
}

type Place = Opening & { segment: Segment; work: CaseOfWork };

/** Nobody decides, so the call centre is offered the case and has it when that deadline passes too (business.md, Orphans). */
function handedOffAt(row: Pick<OpenRow, 'handoverDueAt' | 'isOffered'>, orphanedAt: Instant, place: Place): Instant {
  const { handoverWorkdays } = place.planOf(place).plan;
  const decidedAt =
    row.handoverDueAt?.getTime() ?? afterWorkdays(Math.max(orphanedAt, place.now), handoverWorkdays, place);
  return row.isOffered ? decidedAt : afterWorkdays(decidedAt, handoverWorkdays, place);
}

function afterWorkdays(at: Instant, workdays: number, { calendar }: Opening): Instant {
  return calendar.instantOf(addWorkdays(calendar, calendar.dayOf(at), workdays), calendar.minuteOfDay(at));
}

/** The cases that intake will open of policies that come within the horizon, each on its day. */
export function comingCases(rows: readonly ComingRow[], opening: Opening): ForecastCase[] {
  return rows.flatMap(({ policy, facts }) => {
    const openedAt = intakeOf(addDays(policy.expiresOn, -horizonDays), opening);
    const decision = decideEligibility(facts, opening.calendar.dayOf(openedAt));
    return decision.kind === 'eligible' ? [comingCase(policy, openedAt, opening)] : [];
  });
}

function comingCase(policy: PolicyRow, openedAt: Instant, opening: Opening): ForecastCase {
  const { branchId, expiresOn, specialistId, supervisorId, fleetNumber, plate, vin } = policy;
  const id = renewalIdOf(policy);
  const segment = chooseSegment(policy);
  const first = chooseFirstOwner(policy);
  const ownerId = first.kind === 'owner' ? first.staffId : null;
  const fleetId = fleetNumber === null ? null : fleetIdOf({ branchId, number: fleetNumber });
  const teamId = teamOf(policy, opening.people);
  const work = {
    id,
    branchId,
    teamId,
    fleetId,
    expiresOn,
    ownerId,
    specialistId,
    supervisorId,
    stage: null,
    isClosed: false,
    tasks: [],
  };
  const leavesAt = ownerLeavesAt(ownerId, opening);
  const orphanedAt = leavesAt === null ? null : Math.max(leavesAt, openedAt);
  const place = { ...opening, segment, work };
  const undecided = { handoverDueAt: null, isOffered: false };
  return {
    work,
    expiresOn,
    spreadKey: id,
    segment,
    plate,
    vin,
    openedAt,
    isComing: true,
    stageOpenedAt: null,
    stageEndsAt: null,
    handedOut: false,
    callCentreSince: first.kind === 'call-centre' ? openedAt : null,
    facts: newFacts(opening.planOf(place).plan),
    armedPlan: 0,
    fleetReachedAt: null,
    orphanedAt,
    handedOffAt: orphanedAt === null ? null : handedOffAt(undecided, orphanedAt, place),
    messages: [],
  };
}

function newFacts({ minimumAttempts }: StagePlan): CaseFacts {
  const nothingYet = { resultCounted: false, confirmed: false, refusedContact: false, escalated: false };
  return { ...nothingYet, attempts: 0, minimumAttempts, owned: true };
}

/** The agent's team; without one the team that the supervisor leads. */
function teamOf({ agentId, supervisorId }: PolicyRow, { byId, leaderOf }: People): string | null {
  const own = agentId === null ? null : (byId.get(agentId)?.teamId ?? null);
  if (own !== null || supervisorId === null) return own;
  const led = [...leaderOf].filter(
    ([id, leader]) => leader === supervisorId || (leader === null && id === supervisorId),
  );
  return led.map(([id]) => id).toSorted()[0] ?? null;
}
