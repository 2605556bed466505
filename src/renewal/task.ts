export const taskKinds = [
  'file-check',
  'indicative-quote',
  'accept-entry',
  'first-contact',
  'firm-quote',
  'phone-attempt',
  'key-client-visit',
  'second-visit',
  'last-offer',
  'call-back',
  'coaching',
  'accept-reminder',
  'do-not-contact-review',
  'call-centre-case',
  'second-round',
  'hand-over',
  'concession-decision',
  'call-back-check',
  'renewal-check',
  'read-reply',
] as const;
export type TaskKind = (typeof taskKinds)[number];

export const taskRoles = [
  'agent',
  'specialist',
  'supervisor',
  'call-centre',
  'channel-manager',
  'general-manager',
] as const;
export type TaskRole = (typeof taskRoles)[number];

const roleOfKind: Record<TaskKind, TaskRole> = {
  'file-check': 'specialist',
  'indicative-quote': 'specialist',
  'accept-entry': 'agent',
  'first-contact': 'agent',
  'firm-quote': 'specialist',
  'phone-attempt': 'agent',
  'key-client-visit': 'specialist',
  'second-visit': 'specialist',
  'last-offer': 'agent',
  'call-back': 'agent',
  coaching: 'supervisor',
  'accept-reminder': 'supervisor',
  'do-not-contact-review': 'supervisor',
  'call-centre-case': 'call-centre',
  'second-round': 'supervisor',
  'hand-over': 'supervisor',
  'concession-decision': 'channel-manager',
  'call-back-check': 'channel-manager',
  'renewal-check': 'channel-manager',
  'read-reply': 'specialist',
};

/**
 * Whose work a kind of task is (business.md, The stage plan, "work for people"). A concession that asks a higher authority
 * is the general manager's, which its own step says.
 */
export function roleFor(kind: TaskKind): TaskRole {
  return roleOfKind[kind];
}

const negotiatingKinds: ReadonlySet<TaskKind> = new Set([
  'first-contact',
  'indicative-quote',
  'firm-quote',
  'key-client-visit',
  'second-visit',
]);

/** Whether a fleet does this work once for all of its vehicles (business.md, Special lines). */
export function isNegotiatedOnce(kind: TaskKind): boolean {
  return negotiatingKinds.has(kind);
}
