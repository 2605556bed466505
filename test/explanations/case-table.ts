import type { Seen, Verdict } from './verdict.ts';

type Stage = 'preparation' | 'follow-up' | 'intensive-chase' | 'wrap-up';
type Escalating = {
  stage: Stage;
  unanswered: { handedOut: string; notHandedOut: string };
  resultCounted: boolean;
  handedOut: boolean;
  mayBeCalled: boolean;
};

const ms = (written: unknown): number => Date.parse(String(written));

/** business.md, The stage plan, "no result at its end". */
export function escalationVerdicts({ inputs }: Seen): Verdict[] {
  const { stage, unanswered, resultCounted, handedOut, mayBeCalled } = inputs as Escalating;
  const takesOver = unanswered[handedOut ? 'handedOut' : 'notHandedOut'];
  const isSilent = !resultCounted && mayBeCalled && takesOver !== 'nobody';
  const rules: Record<Stage, string> = {
    preparation: handedOut ? 'entry-not-accepted' : 'entry-never-handed-out',
    'follow-up': 'no-effective-contact-in-follow-up',
    'intensive-chase': 'no-effective-contact-in-intensive-chase',
    'wrap-up': 'no-effective-contact-in-wrap-up',
  };
  return isSilent ? [{ rule: rules[stage], does: `escalated:${takesOver}` }] : [];
}

/** api.md: a hold by a supervisor, its early end, and its end by time. */
export function holdVerdicts({ inputs }: Seen): Verdict[] {
  const { step, until, heldUntil, closesAt, toleranceMs } = inputs;
  const now = ms(inputs['now']);
  if (step === 'hold') {
    const isAhead = ms(until) > now && ms(until) < ms(closesAt);
    return isAhead ? [{ rule: 'asked-by-person', does: 'held', until: ms(until) }] : [];
  }
  const isOver =
    heldUntil === null || Math.min(ms(heldUntil), ms(closesAt ?? heldUntil)) <= now + Number(toleranceMs ?? 0);
  if (step === 'resume') return isOver ? [] : [{ rule: 'asked-by-person', does: 'resumed' }];
  return isOver ? [{ rule: 'its-time-has-come', does: 'hold-ended' }] : [];
}

type Person = { absences?: { fromOn: string; toOn: string }[]; departedOn?: string };

/** api.md: somebody takes a task from the queue, or a leader gives it to somebody who is there. */
export function handVerdicts({ inputs }: Seen): Verdict[] {
  const { from, to, by, givenOn, thereUntil, chosen } = inputs as Record<string, string | null>;
  const { absences = [], departedOn = '9999' } = chosen as unknown as Person;
  const isAway = absences.some((leave) =>
    [givenOn, thereUntil].some((day) => day! >= leave.fromOn && day! <= leave.toOn),
  );
  if (isAway || departedOn <= String(thereUntil) || from === to) return [];
  const who = to ?? null;
  if (from === null && by === to) return [{ rule: 'from-queue', does: 'task-claimed', who }];
  return [{ rule: 'leader-decided', does: 'task-reassigned', who }];
}

/** business.md, The stage plan and Restraint: what never comes up to be sent, by the step that stopped it. */
export function stoppedVerdicts({ inputs }: Seen): Verdict[] {
  const f = inputs as Record<string, string | boolean | null>;
  const bySteps: Record<string, Verdict[]> = {
    planning: plannedVerdicts(f),
    confirming: unconfirmedVerdicts(inputs as unknown as Unconfirmed),
    following: plannedVerdicts(f),
    passing: ms(f['latestAt']) < ms(f['now']) ? both('expired', 'stage-ended', 'day-has-passed') : [],
    closing: f['outcome'] ? both('cancelled', 'case-closed') : [],
    consent: consentVerdicts(f),
    refusal: f['refusedAt'] ? both('suppressed', 'refused-contact') : [],
  };
  return bySteps[String(f['step'])] ?? [];
}

type Unconfirmed = { channel: 'sms' | 'email'; ways?: Record<'sms' | 'email', Record<string, boolean>> };

/** A renewal is confirmed on one channel, so that what stops it on one must not have been free on the other. */
function unconfirmedVerdicts({ channel, ways }: Unconfirmed): Verdict[] {
  const isFree = (way: Record<string, boolean>): boolean =>
    way['hasAddress'] === true &&
    way['consented'] === true &&
    !way['optedOut'] &&
    !way['takesNoSms'] &&
    !way['addressSuppressed'];
  const way = ways?.[channel];
  if (!ways || !way || Object.values(ways).some(isFree)) return [];
  if (way['optedOut']) return both('suppressed', `${channel}-opted-out`);
  if (!way['hasAddress']) return both('suppressed', channel === 'sms' ? 'no-phone' : 'no-email');
  if (way['takesNoSms']) return both('suppressed', 'phone-cannot-take-sms');
  return both('suppressed', way['addressSuppressed'] ? 'address-suppressed' : `no-${channel}-consent`);
}

function consentVerdicts(f: Record<string, string | boolean | null>): Verdict[] {
  const channel = String(f['channel']);
  if (f['optedOut'] === true) return both('suppressed', `${channel}-opted-out`);
  return f['consented'] === false ? both('suppressed', `no-${channel}-consent`) : [];
}

function plannedVerdicts(f: Record<string, string | boolean | null>): Verdict[] {
  if (f['isInPlan'] === false) return both('cancelled', 'not-in-plan');
  const isPaused = f['touchesFrom'] !== null && ms(f['dueAt']) < ms(f['touchesFrom']);
  const isMissed = isPaused || ms(f['latestAt']) <= ms(f['now']) || String(f['dueOn']) < String(f['openedOn']);
  if (isMissed) return both('expired', 'day-has-passed');
  const until = f['doNotContactUntil'];
  return f['refused'] || (until !== null && ms(until) > ms(f['dueAt'])) ? both('suppressed', 'do-not-contact') : [];
}

function both(does: string, ...rules: string[]): Verdict[] {
  return rules.map((rule) => ({ rule, does }));
}

type Owner = { staffId: string; teamId: string | null; openCases: number; customerCapacity: number | null };

/** business.md, Orphans: the colleague with the fewest open cases, first of the case's team, never one who is full. */
export function ownerVerdicts({ inputs }: Seen): Verdict[] {
  const { teamId, candidates } = inputs as { teamId: string | null; candidates: Owner[] };
  const free = candidates.filter(({ openCases, customerCapacity }) => openCases < (customerCapacity ?? Infinity));
  const own = free.filter((one) => teamId !== null && one.teamId === teamId);
  const pool = own.length > 0 ? own : free;
  const least = Math.min(...pool.map(({ openCases }) => openCases));
  const [who] = pool
    .filter(({ openCases }) => openCases === least)
    .map(({ staffId }) => staffId)
    .toSorted();
  const rule = own.length > 0 ? 'own-team-least-load' : 'branch-least-load';
  return who === undefined ? [] : [{ rule, does: 'owner-assigned', who }];
}

/** For each rule, the other inputs under which nothing would have stopped a message. */
export const otherMessage: Record<string, Record<string, unknown>> = {
  'day-has-passed': { latestAt: '2030-01-01T00:00:00Z', dueOn: '2030-01-01', touchesFrom: null },
  'do-not-contact': { refused: false, doNotContactUntil: null },
  'stage-ended': { latestAt: '2030-01-01T00:00:00Z' },
  'case-closed': { outcome: null },
  'refused-contact': { refusedAt: null },
  'not-in-plan': { isInPlan: true },
};

const long = '2030-01-01T00:00:00Z';

/** For each rule, inputs in which the one thing that it rests on is otherwise. */
export const otherCase: Record<string, Record<string, unknown>> = {
  'entry-not-accepted': { resultCounted: true },
  'entry-never-handed-out': { handedOut: true },
  'no-effective-contact-in-follow-up': { resultCounted: true },
  'no-effective-contact-in-intensive-chase': { mayBeCalled: false },
  'asked-by-person': { until: '2020-01-01T00:00:00Z', heldUntil: null },
  'its-time-has-come': { heldUntil: long, closesAt: long },
  'from-queue': { from: 'Z9' },
  'leader-decided': { thereUntil: '2027-01-30', givenOn: '2027-01-30', chosen: { departedOn: '2026-12-31' } },
};
