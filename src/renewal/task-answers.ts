import type { TaskKind } from './task.ts';

/** What a policy's file must hold before its entry goes to the agent; a check names what is missing. */
export const fileParts = ['holder-id', 'vehicle-licence', 'contact-details', 'last-policy', 'claims-record'] as const;

/** What a supervisor did about a follow-up without a contact. */
export const coachingActions = ['talked-it-through', 'joined-the-call', 'joined-the-visit', 'took-it-over'] as const;
export type CoachingAction = (typeof coachingActions)[number];

/** What came of reminding an agent of an entry that lay there. */
export const reminderAnswers = ['will-accept', 'other-agent-needed', 'not-renewable'] as const;

/** Why a customer wants no contact, as far as a supervisor found out; `not-meant` takes back what an answer by SMS was read as. */
export const refusalFindings = ['no-interest', 'too-many-contacts', 'complaint', 'wrong-person', 'not-meant'] as const;
export type RefusalFinding = (typeof refusalFindings)[number];

/** What a channel manager found about a renewal that the core system has not confirmed. */
export const renewalFindings = ['confirmed', 'not-found'] as const;

/** What somebody made of an answer by SMS; `opted-out` enters the opt-out. A refusal of contact is recorded as that result. */
export const replyFindings = ['opted-out', 'answered', 'passed-on', 'nothing-to-do'] as const;
export type ReplyFinding = (typeof replyFindings)[number];

/** Whether a checked file lets the entry be handed out; a check that says nothing found it complete. */
export function isFileComplete(said: { fileComplete?: boolean; missing?: readonly string[] }): boolean {
  return said.fileComplete !== false && (said.missing ?? []).length === 0;
}

/** Where a task is decided that completing it does not decide; undefined for a kind that is completed as a task. */
export function decidedElsewhere(kind: TaskKind): string | undefined {
  switch (kind) {
    case 'hand-over':
      return 'A hand-over is completed by deciding on its cases.';
    case 'concession-decision':
      return 'A concession is completed by its decision.';
    case 'call-back-check':
      return 'A call-back check is completed by its finding.';
    case 'file-check':
    case 'indicative-quote':
    case 'accept-entry':
    case 'first-contact':
    case 'firm-quote':
    case 'phone-attempt':
    case 'key-client-visit':
    case 'second-visit':
    case 'last-offer':
    case 'call-back':
    case 'coaching':
    case 'accept-reminder':
    case 'do-not-contact-review':
    case 'call-centre-case':
    case 'second-round':
    case 'renewal-check':
    case 'read-reply':
      return undefined;
  }
}
