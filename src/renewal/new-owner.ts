/** By which rule somebody got an orphan: of the team that had it, or of another team of its branch. */
type AssignmentRule = 'own-team-least-load' | 'branch-least-load';

/** Somebody of the branch who might own a case; `openCases` is their load now, `customerCapacity` where it ends. */
export type Colleague = {
  id: string;
  teamId: string | null;
  roles: readonly string[];
  openCases: number;
  customerCapacity: number | null;
  departed: boolean;
  absent: boolean;
};

export type Orphan = { renewalId: string; teamId: string | null };

/** Who gets a case, by which rule, how many cases they had at that moment, and who might have got it, the least loaded first. */
export type NewOwner = {
  renewalId: string;
  ownerId: string;
  rule: AssignmentRule;
  openCases: number;
  candidates: readonly Colleague[];
};

/**
 * Spreads orphans over colleagues with the role of who left, each to the one with the fewest open cases: first within the
 * case's team, then in the branch; never to somebody who has left, is on leave or is full (business.md, Orphans; Figures).
 * Cases for which there is nobody are missing from the answer. The order of colleagues does not matter.
 */
export function spreadOrphans(
  orphans: readonly Orphan[],
  { role, colleagues }: { role: string; colleagues: readonly Colleague[] },
): NewOwner[] {
  const load = new Map(colleagues.filter((one) => mayTake(one, role)).map((one) => [one.id, one]));
  return orphans.flatMap(({ renewalId, teamId }) => {
    const free = [...load.values()].filter(hasRoom);
    const own = free.filter((one) => teamId !== null && one.teamId === teamId);
    const candidates = (own.length > 0 ? own : free).toSorted(byLoad);
    const [chosen] = candidates;
    if (!chosen) return [];
    load.set(chosen.id, { ...chosen, openCases: chosen.openCases + 1 });
    const rule: AssignmentRule = own.length > 0 ? 'own-team-least-load' : 'branch-least-load';
    return [{ renewalId, ownerId: chosen.id, rule, openCases: chosen.openCases, candidates }];
  });
}

function mayTake({ roles, departed, absent }: Colleague, role: string): boolean {
  return roles.includes(role) && !departed && !absent;
}

function hasRoom({ openCases, customerCapacity }: Colleague): boolean {
  return customerCapacity === null || openCases < customerCapacity;
}

/** Of two with equal load the one with the lower staff number comes first. */
function byLoad(one: Colleague, other: Colleague): number {
  return one.openCases - other.openCases || (one.id < other.id ? -1 : 1);
}
