import { z } from 'zod';
import type { TaskKind } from '../../renewal/task.ts';
import {
  coachingActions,
  fileParts,
  refusalFindings,
  reminderAnswers,
  renewalFindings,
  replyFindings,
} from '../../renewal/task-answers.ts';
import { day, note } from './basics.ts';
import { quotedPremium } from './quotes.ts';
import { resultBody, secondRoundBody } from './results.ts';

const said = { note: note.optional() };

const fileCheckBody = z
  .strictObject({
    fileComplete: z.boolean().optional().meta({ description: 'true when it says nothing and nothing is missing' }),
    missing: z.array(z.enum(fileParts)).min(1).max(fileParts.length).optional(),
    ...said,
  })
  .refine(({ fileComplete, missing }) => fileComplete !== true || missing === undefined, {
    path: ['missing'],
    message: 'A complete file misses nothing',
  })
  .refine(({ fileComplete, missing }) => fileComplete !== false || missing !== undefined, {
    path: ['missing'],
    message: 'Say what is missing',
  })
  .meta({ id: 'FileChecked', example: { fileComplete: true, note: 'The file is complete.' } });

const quoteBody = z
  .strictObject({ premium: quotedPremium, ...said })
  .meta({ id: 'PremiumQuoted', example: { premium: '5480.00' } });

const acceptanceBody = z
  .strictObject({ visitOn: day.optional().meta({ description: 'When the customer will be visited' }), ...said })
  .meta({ id: 'EntryAccepted', description: 'Says that the policy can be renewed (result confirmed)' });

const failedVisitBody = z
  .strictObject({
    visit: z.literal('failed'),
    changedPlan: note.meta({ description: 'What is tried instead' }),
    ...said,
  })
  .meta({ id: 'FirstVisitFailed', example: { visit: 'failed', changedPlan: 'Go along with the manager on Friday.' } });

const failedAgainBody = z
  .strictObject({ visit: z.literal('failed'), ...said })
  .meta({ id: 'SecondVisitFailed', example: { visit: 'failed' } });

const coachingBody = z
  .strictObject({ action: z.enum(coachingActions), ...said })
  .meta({ id: 'Coached', example: { action: 'joined-the-call' } });

const reminderBody = z
  .strictObject({ answer: z.enum(reminderAnswers), ...said })
  .meta({ id: 'Reminded', example: { answer: 'will-accept' } });

const reviewBody = z
  .strictObject({
    finding: z.enum(refusalFindings).meta({
      description:
        'not-meant: an answer by SMS was misread, and the refusal ends; one that somebody recorded is corrected there',
    }),
    ...said,
  })
  .meta({ id: 'RefusalReviewed', example: { finding: 'too-many-contacts' } });

const renewalCheckBody = z
  .strictObject({
    finding: z.enum(renewalFindings).meta({ description: 'not-found: the result may be corrected by who checked it' }),
    ...said,
  })
  .meta({ id: 'RenewalChecked', example: { finding: 'confirmed', note: 'The policy is in the core system by now.' } });

const replyBody = z
  .strictObject({
    finding: z.enum(replyFindings).meta({ description: 'opted-out: no SMS goes to the customer from now on' }),
    ...said,
  })
  .meta({ id: 'ReplyRead', example: { finding: 'answered', note: 'Called back; wants a quote on Monday.' } });

/** Whatever somebody says here, the answer is where the task is decided. */
const anythingBody = z.record(z.string(), z.unknown());

/** What completing a task of this kind asks for; an accepted entry says `confirmed` unless it says otherwise. */
export function completionSchema(kind: TaskKind, body: Record<string, unknown>): z.ZodType<Record<string, unknown>> {
  switch (kind) {
    case 'file-check':
      return fileCheckBody;
    case 'indicative-quote':
    case 'firm-quote':
      return quoteBody;
    case 'accept-entry':
      return 'result' in body ? resultBody : acceptanceBody;
    case 'key-client-visit':
      return 'visit' in body ? failedVisitBody : resultBody;
    case 'second-visit':
      return 'visit' in body ? failedAgainBody : resultBody;
    case 'first-contact':
    case 'phone-attempt':
    case 'last-offer':
    case 'call-back':
    case 'call-centre-case':
      return resultBody;
    case 'coaching':
      return coachingBody;
    case 'accept-reminder':
      return reminderBody;
    case 'do-not-contact-review':
      return reviewBody;
    case 'second-round':
      return secondRoundBody;
    case 'hand-over':
    case 'concession-decision':
    case 'call-back-check':
      return anythingBody;
    case 'renewal-check':
      return renewalCheckBody;
    case 'read-reply':
      return replyBody;
  }
}

/** The bodies by name, for the document. */
export const completionBodies = {
  FileChecked: fileCheckBody,
  PremiumQuoted: quoteBody,
  EntryAccepted: acceptanceBody,
  FirstVisitFailed: failedVisitBody,
  SecondVisitFailed: failedAgainBody,
  Coached: coachingBody,
  Reminded: reminderBody,
  RefusalReviewed: reviewBody,
  RenewalChecked: renewalCheckBody,
  ReplyRead: replyBody,
};

const component = (name: string) => ({ $ref: `#/components/schemas/${name}` });

export const completionBody = z
  .record(z.string(), z.unknown())
  .default({})
  .meta({
    id: 'TaskCompletion',
    description: [
      'What the kind of the task asks for.',
      'file-check: FileChecked; indicative-quote, firm-quote: PremiumQuoted; accept-entry: EntryAccepted or a result;',
      'first-contact, phone-attempt, last-offer, call-back, call-centre-case: a result;',
      'key-client-visit: a result or FirstVisitFailed; second-visit: a result or SecondVisitFailed;',
      'coaching: Coached; accept-reminder: Reminded; do-not-contact-review: RefusalReviewed; renewal-check: RenewalChecked;',
      'read-reply: ReplyRead;',
      'second-round: its decision. A hand-over, a concession and a call-back check are decided elsewhere (409 says where).',
    ].join(' '),
    override: {
      anyOf: [...Object.keys(completionBodies), 'ResultToRecord', 'SecondRoundDecision'].map(component),
    },
  });
