/**
 * Every rule by which a case sends, skips, holds, assigns or escalates: the code with which the journal names it. What such
 * a decision can be made by and is missing here does not compile.
 */
export const decisionRules = [
  'due-and-allowed',
  'not-renewed',
  'case-closed',
  'day-has-passed',
  'not-due',
  'do-not-contact',
  'refused-contact',
  'sms-opted-out',
  'email-opted-out',
  'no-phone',
  'no-email',
  'phone-cannot-take-sms',
  'address-suppressed',
  'no-sms-consent',
  'no-email-consent',
  'companion-message',
  'stage-ended',
  'not-in-plan',
  'result-corrected',
  'news-not-taken',
  'reply-unread',
  'case-held',
  'orphan',
  'second-round',
  'sending-stopped',
  'quiet-hours',
  'one-touch-a-day',
  'contacts-a-week',
  'asked-by-person',
  'its-time-has-come',
  'entry-not-accepted',
  'entry-never-handed-out',
  'no-effective-contact-in-follow-up',
  'no-effective-contact-in-intensive-chase',
  'own-customer',
  'cover-departure',
  'cover-absence',
  'cover-load',
  'queue',
  'from-queue',
  'leader-decided',
  'nearest-authority',
  'manager-of-the-branch-tree',
  'decides-on-orphans',
  'negotiator',
  'new-owner',
  'owner-of-another-team',
  'owner-left',
  'assignee-left',
  'fleet-goes-on',
  'hand-over',
  'own-team-least-load',
  'branch-least-load',
] as const;
export type DecisionRule = (typeof decisionRules)[number];

/** Where each rule stands, and what it says there. The documents are the project's design and its promises. */
const sources: Record<DecisionRule, string> = {
  'due-and-allowed': 'promises.md, Sending a message: a claim finds the touch due and nothing against it',
  'not-renewed': 'business.md, Restraint: only a renewal is confirmed',
  'case-closed': 'business.md, Restraint: a close cancels what is planned',
  'day-has-passed': 'business.md, The stage plan: a touch is not sent late',
  'not-due': 'business.md, The stage plan: a touch waits for its day',
  'do-not-contact':
    'business.md, Contact results: who refused contact is left alone for six months, and so is the phone or mailbox',
  'refused-contact': 'business.md, Contact results: a refusal stops all that is planned, in every case of the customer',
  'sms-opted-out': 'business.md, Restraint: an opt-out stops what is pending on its channel',
  'email-opted-out': 'business.md, Restraint: an opt-out stops what is pending on its channel',
  'no-phone': 'promises.md, Sending a message: what has no address is suppressed, with the reason',
  'no-email': 'promises.md, Sending a message: what has no address is suppressed, with the reason',
  'phone-cannot-take-sms':
    'promises.md, Sending a message: what cannot reach its address is suppressed, with the reason',
  'address-suppressed': 'promises.md, SMTP specifics: bounces suppress an address',
  'no-sms-consent': 'business.md, Restraint: without consent for its channel no message goes',
  'no-email-consent': 'business.md, Restraint: without consent for its channel no message goes',
  'companion-message': 'business.md, Words: two covers of one vehicle get one message',
  'stage-ended': 'business.md, The stage plan: what a stage left unsent falls away',
  'not-in-plan': 'architecture.md, Tuning timers of cases in flight: the plan now in force has no such touch',
  'result-corrected': 'business.md, Contact results: a correction changes the books and what follows from them',
  'news-not-taken': 'business.md, Contact results: what is recorded holds before its case has taken it',
  'reply-unread': 'business.md, Restraint: an opt-out in free text counts, so what may be one is read first',
  'case-held': 'api.md, Resources: nothing is sent while a case is held',
  orphan: 'business.md, Orphans: touches pause while nobody owns the case',
  'second-round': 'business.md, Contact results: touches pause while the second round runs',
  'sending-stopped': 'api.md, Resources: the stop switch holds everything back',
  'quiet-hours': 'business.md, Restraint: what falls into quiet hours waits until the window opens',
  'one-touch-a-day':
    'business.md, Restraint: a customer gets one touch a day over all policies; one phone or mailbox is one customer',
  'contacts-a-week': 'business.md, Restraint: touches and effective contacts of a week have a cap over all policies',
  'asked-by-person': 'api.md, Resources: a supervisor, or somebody above, holds or resumes a case',
  'its-time-has-come': 'api.md, Resources: a hold ends at the instant it was given',
  'entry-not-accepted': 'business.md, The stage plan, preparation: handed out and not accepted goes to the supervisor',
  'entry-never-handed-out': 'business.md, The stage plan, preparation: never handed out goes to the call centre',
  'no-effective-contact-in-follow-up': 'business.md, The stage plan, follow-up: no contact goes to the supervisor',
  'no-effective-contact-in-intensive-chase':
    'business.md, The stage plan, intensive chase: no contact goes to the call centre',
  'own-customer': 'business.md, The stage plan, work for people: the customer’s own agent, specialist or supervisor',
  'cover-departure': 'decision record 0013: whoever has left by the deadline is covered by the least loaded',
  'cover-absence': 'decision record 0013: whoever is on leave is covered by the least loaded',
  'cover-load': 'business.md, Figures, capacity: whoever is full is covered by the least loaded',
  queue: 'decision record 0013: where nobody can be named, the queue of the role takes it',
  'from-queue': 'api.md, Resources: somebody of the role claims a task that nobody has',
  'leader-decided': 'api.md, Resources: a leader gives a task to somebody else',
  'nearest-authority': 'business.md, Concessions: somebody of the level decides, the nearest upwards from the branch',
  'manager-of-the-branch-tree':
    'business.md, Figures: the channel manager of the branch, or above it, checks closed cases',
  'decides-on-orphans': 'business.md, Orphans: one hand-over task for the whole list',
  negotiator: 'business.md, Special lines: what a fleet does once is its negotiator’s',
  'new-owner': 'business.md, Orphans: pending tasks move to the new owner',
  'owner-of-another-team': 'business.md, Orphans: the supervisor of the new owner’s team has the supervisor’s tasks',
  'owner-left': 'business.md, Orphans: the work of who left waits until somebody owns the case',
  'assignee-left': 'decision record 0013: where nobody can be named, the queue of the role takes it',
  'fleet-goes-on': 'business.md, Special lines: a fleet is negotiated once, through its next open case',
  'hand-over': 'business.md, Orphans: the supervisor names who takes over',
  'own-team-least-load': 'business.md, Orphans: without a name, the colleague of the team with the fewest open cases',
  'branch-least-load': 'business.md, Orphans: without anybody in the team, the same in the branch',
};

/** Where a rule stands: the document, its section, and what it says in short. */
export function sourceOf(rule: DecisionRule): string {
  return sources[rule];
}

/** The rule that a stored code names; undefined when it names none (any more). */
export function ruleOf(code: unknown): DecisionRule | undefined {
  return decisionRules.find((rule) => rule === code);
}
