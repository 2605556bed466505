import type { Day } from './calendar.ts';
import type { Outcome } from './loss.ts';

/** A case as it stood when a half-month list was taken. */
export type ListedCase = { renewalId: string; ownerId: string | null; expiresOn: Day; stage: string | null };

/** What is different about a case from one half-month list to the next (business.md, Staff nudges), the weightiest first. */
export const listDifferences = [
  'added',
  'renewed',
  'lost',
  'orphan-handed-off',
  'in-other-hands',
  'expiry-moved',
  'owner-changed',
  'stage-turned',
] as const;
export type ListDifference = (typeof listDifferences)[number];

/** `before` is missing of a case that came, `now` of one that left; `differences` are the weightiest first. */
export type ChangedCase = {
  renewalId: string;
  differences: ListDifference[];
  before: ListedCase | undefined;
  now: ListedCase | undefined;
};

/**
 * What came, left and changed between two lists of the same person, by case. A case that left did so because it closed, which
 * `outcomes` say, or because it is somebody else's now.
 */
export function compareLists(
  before: readonly ListedCase[],
  now: readonly ListedCase[],
  outcomes: ReadonlyMap<string, Outcome['kind']>,
): ChangedCase[] {
  const [earlier, later] = [byId(before), byId(now)];
  const ids = [...new Set([...earlier.keys(), ...later.keys()])].toSorted();
  return ids
    .map((renewalId): ChangedCase => {
      const pair = { before: earlier.get(renewalId), now: later.get(renewalId) };
      return { renewalId, differences: differencesOf(pair, outcomes.get(renewalId)), ...pair };
    })
    .filter(({ differences }) => differences.length > 0);
}

/** Orders what is different: the weightiest difference first, then the nearest expiry. */
export function byWeight(one: ChangedCase, other: ChangedCase): number {
  const place = ({ differences: [first = 'stage-turned'] }: ChangedCase): number => listDifferences.indexOf(first);
  const expiry = ({ now, before }: ChangedCase): Day => (now ?? before)?.expiresOn ?? '';
  return place(one) - place(other) || (expiry(one) < expiry(other) ? -1 : 1);
}

type Pair = Pick<ChangedCase, 'before' | 'now'>;

function differencesOf({ before, now }: Pair, outcome: Outcome['kind'] | undefined): ListDifference[] {
  if (!now) return [outcome ?? 'in-other-hands'];
  if (!before) return ['added'];
  const found = {
    'expiry-moved': before.expiresOn !== now.expiresOn,
    'owner-changed': before.ownerId !== now.ownerId,
    'stage-turned': before.stage !== now.stage,
  };
  return listDifferences.filter((one) => one in found && found[one as keyof typeof found]);
}

function byId(cases: readonly ListedCase[]): Map<string, ListedCase> {
  return new Map(cases.map((one) => [one.renewalId, one]));
}
