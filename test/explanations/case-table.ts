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
