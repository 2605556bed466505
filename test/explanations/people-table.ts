import chineseDays from 'chinese-days';
import { dayPlus } from './local-time.ts';
import type { Seen, Verdict } from './verdict.ts';

/** What the journal says of somebody; what does not limit them is missing. */
type Person = {
  staffId: string;
  openTasks: number;
  customers?: number;
  customerCapacity?: number;
  contacts?: number;
  contactsPerDay?: number;
  departedOn?: string;
  absences?: { fromOn: string; toOn: string }[];
};

type Facts = {
  step: 'giving' | 'absence';
  kind: string;
  role: string;
  ofFleet?: boolean;
  ownPeople?: Record<string, string | null>;
  givenOn: string;
  dueOn: string;
  isContact: boolean;
  firstChoice: Person | string | null;
  candidates: Person[];
  behind: { leastOpenTasks: number; staffId: string } | null;
};

/** business.md, The stage plan, "work for people", and Contact results: whose work each kind is. */
const workOf: Record<string, readonly string[]> = {
  specialist: ['file-check', 'indicative-quote', 'firm-quote', 'key-client-visit', 'second-visit', 'read-reply'],
  agent: ['accept-entry', 'first-contact', 'phone-attempt', 'last-offer', 'call-back'],
  supervisor: ['accept-reminder', 'coaching', 'second-round', 'do-not-contact-review'],
  'call-centre': ['call-centre-case'],
};

/** What a stage brings, its end, or a refusal; the other kinds are given by something else. */
export const workOfStages = Object.values(workOf)
  .flat()
  .filter((kind) => !['call-back', 'second-visit', 'second-round', 'read-reply'].includes(kind));

/** Who of the case's own people comes first, by role. */
const ownOf: Record<string, (facts: Facts) => string | null> = {
  agent: ({ ofFleet, ownPeople }) => (ofFleet ? ownPeople?.['negotiatorId'] : ownPeople?.['ownerId']) ?? null,
  specialist: ({ ownPeople }) => ownPeople?.['specialistId'] ?? null,
  supervisor: ({ ownPeople }) => ownPeople?.['leaderId'] ?? ownPeople?.['supervisorId'] ?? null,
  'call-centre': () => null,
};

/** Decision record 0013, and business.md, Figures, capacity: what keeps somebody from a task. */
const hindrances: [rule: string, keeps: (person: Person, facts: Facts) => boolean][] = [
  ['cover-departure', ({ departedOn }, { dueOn }) => departedOn !== undefined && departedOn <= dueOn],
  ['cover-absence', (person, { givenOn }) => isAway(person, givenOn)],
  ['cover-absence', (person, { givenOn, dueOn }) => dueOn > givenOn && isAway(person, dueOn)],
  ['cover-load', ({ customers = 0, customerCapacity = Infinity }) => customers >= customerCapacity],
  [
    'cover-load',
    ({ contacts = 0, contactsPerDay = Infinity }, { isContact }) => isContact && contacts >= contactsPerDay,
  ],
];

function isAway({ absences = [] }: Person, day: string): boolean {
  return absences.some(({ fromOn, toOn }) => day >= fromOn && day <= toOn);
}

function hindranceOf(person: Person, facts: Facts): string | undefined {
  return hindrances.find(([, keeps]) => keeps(person, facts))?.[0];
}

/** Who gets a task by its journalled inputs; nothing where these contradict each other. */
export function assignmentVerdicts({ inputs }: Seen): Verdict[] {
  const facts = inputs as Facts;
  const does = facts.step === 'giving' ? 'task-given' : 'task-moved';
  const first = typeof facts.firstChoice === 'string' ? null : facts.firstChoice;
  const isConsistent = facts.step === 'absence' || (first?.staffId ?? null) === ownOf[facts.role]?.(facts);
  if (!isConsistent || !workOf[facts.role]?.includes(facts.kind)) return [];
  const queue = { rule: 'queue', does, who: null };
  if (!first) return [queue];
  const hindrance = hindranceOf(first, facts);
  if (hindrance === undefined) return [{ rule: 'own-customer', does, who: first.staffId }];
  const free = facts.candidates.filter((person) => hindranceOf(person, facts) === undefined);
  const least = Math.min(...free.map(({ openTasks }) => openTasks));
  const [who] = free
    .filter(({ openTasks }) => openTasks === least)
    .map(({ staffId }) => staffId)
    .toSorted();
  if (who === undefined) return [queue];
  return isBehind(facts, { least, who }) ? [] : [{ rule: hindrance, does, who }];
}

/** Whether somebody whom nobody looked at would have come first. */
function isBehind({ behind }: Facts, { least, who }: { least: number; who: string }): boolean {
  if (!behind || behind.leastOpenTasks > least) return false;
  return behind.leastOpenTasks < least || behind.staffId < who;
}

/** The working days after the first day and up to the last, by China's published list. */
export function workdaysCounted(givenOn: string, dueOn: string): string[] {
  const length = Math.max(0, (Date.parse(dueOn) - Date.parse(givenOn)) / 86_400_000);
  const days = Array.from({ length }, (_, index) => dayPlus(givenOn, index + 1));
  // oxlint-disable-next-line import/no-named-as-default-member -- node sees no named exports in this minified CommonJS
  return days.filter((day) => chineseDays.isWorkday(day));
}

type Mutation = (inputs: Record<string, unknown>) => Record<string, unknown>;

const free = { departedOn: undefined, absences: [], customers: 0, contacts: 0, customerCapacity: 1, contactsPerDay: 1 };
const changeFirst =
  (change: object): Mutation =>
  (inputs) => ({ ...inputs, firstChoice: { ...(inputs['firstChoice'] as object), ...change } });

/** For each rule, inputs in which the one thing that it rests on is otherwise. */
export const otherPeople: Record<string, Mutation> = {
  'own-customer': (inputs) =>
    changeFirst({ absences: [{ fromOn: inputs['givenOn'], toOn: inputs['givenOn'] }] })(inputs),
  'cover-departure': changeFirst(free),
  'cover-absence': changeFirst(free),
  'cover-load': changeFirst(free),
  queue: (inputs) => ({
    ...inputs,
    step: 'giving',
    role: 'specialist',
    kind: 'file-check',
    ownPeople: { specialistId: 'Z9' },
    firstChoice: { staffId: 'Z9', openTasks: 0 },
  }),
};
