import type { Seen, Verdict } from './verdict.ts';

type Facts = Record<string, string | null | undefined>;
type Person = {
  staffId: string;
  openTasks: number;
  distance?: number | null;
  leads?: boolean;
  isSupervisor?: boolean;
  ofTeam?: boolean;
};

/** The first of people by what comes first; of two alike the lower staff number. */
function firstOf(people: readonly Person[], ...ranks: ((person: Person) => number)[]): string | null {
  const ranked = people.map((person) => ({ staffId: person.staffId, ranks: ranks.map((rank) => rank(person)) }));
  const [first] = ranked.toSorted((one, other) => {
    const place = one.ranks.findIndex((rank, index) => rank !== other.ranks[index]);
    if (place < 0) return one.staffId < other.staffId ? -1 : 1;
    return one.ranks[place]! - other.ranks[place]!;
  });
  return first?.staffId ?? null;
}

const load = ({ openTasks }: Person): number => openTasks;
const nearness = ({ distance }: Person): number => distance ?? 99;
const yes = (is: boolean | undefined): number => (is ? 0 : 1);

function given(rule: string, who: string | null, does = 'task-given'): Verdict[] {
  return [who === null ? { rule: 'queue', does, who } : { rule, does, who }];
}

/** business.md, Figures and Contact results: the channel managers who are nearest check in turn, who has least to do first. */
function checkVerdicts({ inputs }: Seen): Verdict[] {
  const { managers, turn } = inputs as { managers: Person[]; turn: number };
  const left = [...managers];
  let who: string | null = null;
  for (let place = 0; place <= turn; place += 1) {
    who = firstOf(left, load);
    left.splice(
      left.findIndex(({ staffId }) => staffId === who),
      1,
    );
  }
  return given('manager-of-the-branch-tree', who);
}

/** business.md, Concessions: the policy's own specialist, else the nearest of the level with least to do, never who asked. */
function askVerdicts({ inputs }: Seen): Verdict[] {
  const { candidates, specialistId, except } = inputs as { candidates: Person[]; specialistId: string; except: string };
  const others = candidates.filter(({ staffId }) => staffId !== except);
  return given(
    'nearest-authority',
    firstOf(others, ({ staffId }) => yes(staffId === specialistId), nearness, load),
  );
}

/** business.md, Orphans: the team's leader, else a supervisor of the branch, else a channel manager; never who left. */
function handoverVerdicts({ inputs }: Seen): Verdict[] {
  const { candidates, agentId } = inputs as { candidates: Person[]; agentId: string };
  const ranks = [
    ({ leads }: Person) => yes(leads),
    (one: Person) => yes(one.isSupervisor),
    (one: Person) => yes(one.ofTeam),
  ];
  const others = candidates.filter(({ staffId }) => staffId !== agentId);
  const [one] = given('decides-on-orphans', firstOf(others, ...ranks, nearness, load));
  return [one!, { ...one!, does: 'task-moved' }];
}

/** business.md, Orphans and Special lines: whose an open task is once owner, team or negotiator have changed. */
function movedVerdicts({ inputs }: Seen): Verdict[] {
  const { role, from, negotiatorId, ownerId, leaderId, leftId, fleetId } = inputs as Facts;
  const does = 'task-moved';
  if (leftId !== undefined) return from === leftId ? [{ rule: 'assignee-left', does, who: null }] : [];
  if (leaderId !== undefined)
    return role === 'supervisor' ? [{ rule: 'owner-of-another-team', does, who: leaderId }] : [];
  if (role !== 'agent') return [];
  if (fleetId !== undefined) return [{ rule: 'negotiator', does, who: negotiatorId ?? null }];
  const who = negotiatorId ?? ownerId ?? null;
  return [{ rule: ownerId === null ? 'owner-left' : 'new-owner', does, who }];
}

/** business.md, Special lines: the fleet's case in the same stage that expires first goes on with its work. */
function passedOnVerdicts({ inputs }: Seen): Verdict[] {
  const { heirs, from } = inputs as { heirs: { renewalId: string; expiresOn: string }[]; from: string };
  const others = heirs.filter(({ renewalId }) => renewalId !== from);
  const [earliest] = others.map(({ expiresOn }) => expiresOn).toSorted();
  const [who] = others.flatMap((one) => (one.expiresOn === earliest ? [one.renewalId] : [])).toSorted();
  return who === undefined ? [] : [{ rule: 'fleet-goes-on', does: 'task-passed-on', who }];
}

/** business.md, Contact results: what a mistake had answered or taken away is there again, the agent's work with the owner. */
function givenBackVerdicts({ inputs }: Seen): Verdict[] {
  const { role, was, from, ownerId } = inputs as Facts;
  const who = (role === 'agent' && ownerId !== undefined ? ownerId : from) ?? null;
  return was === 'open' ? [] : [{ rule: 'result-corrected', does: 'task-given-back', who }];
}

/** business.md, Restraint: a confirmation that has not gone out is withdrawn from a case that is not renewed after all. */
function correctedVerdicts({ inputs }: Seen): Verdict[] {
  const { touch, outcome } = inputs as Facts;
  const isOver = touch === 'renewal-confirmation' && outcome !== 'renewed';
  return isOver ? [{ rule: 'result-corrected', does: 'expired' }] : [];
}

const tables: Record<string, (seen: Seen) => Verdict[]> = {
  checking: checkVerdicts,
  asking: askVerdicts,
  'hand-over': handoverVerdicts,
  moving: movedVerdicts,
  'passing-on': passedOnVerdicts,
  'giving-back': givenBackVerdicts,
  correction: correctedVerdicts,
};

export function otherVerdicts(seen: Seen): Verdict[] {
  return tables[String(seen.inputs['step'])]?.(seen) ?? [];
}

/** For each rule, inputs in which the one thing that it rests on is otherwise. */
export const otherWork: Record<string, Record<string, unknown>> = {
  'manager-of-the-branch-tree': { managers: [{ staffId: 'Z9', openTasks: 0 }], turn: 0 },
  'nearest-authority': { candidates: [] },
  'decides-on-orphans': { candidates: [] },
  negotiator: { negotiatorId: 'Z9' },
  'new-owner': { ownerId: 'Z9', negotiatorId: null },
  'owner-of-another-team': { leaderId: 'Z9' },
  'owner-left': { ownerId: 'Z9' },
  'assignee-left': { leftId: 'Z9' },
  'fleet-goes-on': { heirs: [] },
  'result-corrected': { outcome: 'renewed', was: 'open' },
};
