export const taskKinds = [
  'file-check',
  'indicative-quote',
  'accept-entry',
  'first-contact',
  'firm-quote',
  'phone-tracking',
  'last-offer',
  'call-back',
  'coaching',
  'accept-reminder',
  'do-not-contact-review',
  'call-centre-case',
  'second-round',
  'hand-over',
] as const;
export type TaskKind = (typeof taskKinds)[number];

export const taskRoles = ['agent', 'specialist', 'supervisor', 'call-centre'] as const;
export type TaskRole = (typeof taskRoles)[number];

const roleOfKind: Record<TaskKind, TaskRole> = {
  'file-check': 'specialist',
  'indicative-quote': 'specialist',
  'accept-entry': 'agent',
  'first-contact': 'agent',
  'firm-quote': 'specialist',
  'phone-tracking': 'agent',
  'last-offer': 'agent',
  'call-back': 'agent',
  coaching: 'supervisor',
  'accept-reminder': 'supervisor',
  'do-not-contact-review': 'supervisor',
  'call-centre-case': 'call-centre',
  'second-round': 'supervisor',
  'hand-over': 'supervisor',
};

/** Whose work a kind of task is (business.md, The stage plan, "work for people"). */
export function roleFor(kind: TaskKind): TaskRole {
  return roleOfKind[kind];
}
