import type { Day } from '../../renewal/calendar.ts';
import type { Stage } from '../../renewal/stage-plan.ts';
import type { TaskKind } from '../../renewal/task.ts';

export const staffTemplateKeys = [
  'morning-digest',
  'key-tracking-list',
  'half-month-list',
  'escalation',
  'hand-over',
] as const;
export type StaffTemplateKey = (typeof staffTemplateKeys)[number];

/** Why a case stands on a list, besides the kinds of tasks. */
export type ListReason =
  | 'key-customer'
  | 'no-effective-contact'
  | 'quoted'
  | 'promised'
  | 'considering'
  | 'expires-soon'
  | 'added'
  | 'expiry-moved'
  | 'owner-changed'
  | 'stage-turned'
  | 'renewed'
  | 'lost'
  | 'handed-off';

/** One line of a list. Name and plate come whole; the mail shows them masked, with the end of the policy's number. */
export type StaffItem = {
  policyNumber: string;
  customer: string;
  plate: string | null;
  model: string | null;
  expiresOn: Day;
  /** By which business day something is to be done; null when nothing is. */
  dueOn: Day | null;
  why: TaskKind | ListReason;
  /** Where the case is read: an https or http address without personal data. */
  link: string;
};

/** To whom, on which business day; `link` leads to the whole list. */
type Greeting = { recipient: string; today: Day; link: string };

/** What each mail to staff tells. Counts are of everything; lists may be cut to their first lines. */
export type StaffFacts = {
  'morning-digest': Greeting & { items: readonly StaffItem[]; due: number; overdue: number };
  'key-tracking-list': Greeting & { unit: string; items: readonly StaffItem[]; count: number };
  'half-month-list': Greeting & {
    unit: string;
    /** First and last expiry on the list. */
    from: Day;
    to: Day;
    count: number;
    /** What is different from the list before; empty on the first one. */
    differences: readonly StaffItem[];
    /** How many differences there are. */
    changed: number;
  };
  escalation: Greeting & { item: StaffItem; stage: Stage; owner: string };
  'hand-over': Greeting & { formerOwner: string; count: number; dueOn: Day };
};
