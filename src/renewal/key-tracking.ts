import { daysBetween, type Day } from './calendar.ts';
import type { ContactResult } from './contact-result.ts';
import type { Stage } from './stage-plan.ts';

/**
 * Why a case stands on the key-tracking list, the weightiest first: a key customer (business.md, Special lines), a promise, a
 * customer who considers, a quote without a decision (Contact results), an expiry in the days of phone tracking (The stage
 * plan, from T-15) ◦.
 */
export const keyTrackingReasons = ['key-customer', 'promised', 'considering', 'quoted', 'expires-soon'] as const;
export type KeyTrackingReason = (typeof keyTrackingReasons)[number];

/** From so many days before T a case is tracked whatever was recorded. */
export const trackedDays = 15;
/** In preparation a file is checked and an entry accepted: there is nothing to track yet. */
export const trackedStages: ReadonlySet<Stage> = new Set<Stage>(['follow-up', 'intensive-chase', 'wrap-up']);

/** An open case; `lastContact` is what came of the newest effective contact. */
export type TrackedFacts = {
  segment: string;
  stage: Stage | null;
  expiresOn: Day;
  lastContact: ContactResult | null;
  /** Held, in its second round or without an owner: somebody else decides on it just now. */
  pauses: boolean;
  /** The customer refused contact. */
  leftAlone: boolean;
};

/** Why the unit's specialist tracks a case on a business day, the weightiest first; nothing when it is not on the list. */
export function reasonsToTrack(one: TrackedFacts, today: Day): KeyTrackingReason[] {
  const isOpenForWork = one.stage !== null && trackedStages.has(one.stage) && !one.pauses && !one.leftAlone;
  return isOpenForWork ? keyTrackingReasons.filter((reason) => holds(reason, one, today)) : [];
}

function holds(reason: KeyTrackingReason, { segment, expiresOn, lastContact }: TrackedFacts, today: Day): boolean {
  switch (reason) {
    case 'key-customer':
      return segment === 'key-customer';
    case 'promised':
    case 'considering':
    case 'quoted':
      return lastContact === reason;
    case 'expires-soon':
      return daysBetween(today, expiresOn) <= trackedDays;
  }
}

/**
 * Who works which entry: the case's own specialist, and while that one is away or has left, the specialist of the unit with
 * the fewest entries, equals by staff number. Without anybody there nobody is named. Answers the staff number by case.
 */
export function shareOut(
  entries: readonly { renewalId: string; specialistId: string | null }[],
  present: readonly string[],
): Map<string, string> {
  const isThere = (id: string | null): id is string => id !== null && present.includes(id);
  const own = entries.flatMap(({ renewalId, specialistId }) =>
    isThere(specialistId) ? [[renewalId, specialistId] as const] : [],
  );
  const shared = new Map(own);
  const load = new Map(present.map((id) => [id, own.filter(([, specialist]) => specialist === id).length]));
  for (const { renewalId } of entries.filter((entry) => !isThere(entry.specialistId))) {
    const [next] = present.toSorted(
      (one, other) => (load.get(one) ?? 0) - (load.get(other) ?? 0) || (one < other ? -1 : 1),
    );
    if (next === undefined) break;
    shared.set(renewalId, next);
    load.set(next, (load.get(next) ?? 0) + 1);
  }
  return shared;
}
