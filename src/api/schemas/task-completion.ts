import { z } from 'zod';
import type { TaskKind } from '../../renewal/task.ts';
import { note } from './basics.ts';
import { quotedPremium } from './quotes.ts';
import { resultBody, secondRoundBody } from './results.ts';

const noteBody = z.strictObject({ note: note.optional() });
const quoteBody = z.strictObject({ premium: quotedPremium, note: note.optional() });

/** What completing a task of this kind asks for; an accepted entry says `confirmed` unless it says otherwise. */
export function completionSchema(kind: TaskKind, body: Record<string, unknown>): z.ZodType<Record<string, unknown>> {
  switch (kind) {
    case 'file-check':
    case 'coaching':
    case 'accept-reminder':
    case 'do-not-contact-review':
    case 'hand-over':
    case 'concession-decision':
    case 'call-back-check':
    case 'renewal-check':
      return noteBody;
    case 'indicative-quote':
    case 'firm-quote':
      return quoteBody;
    case 'accept-entry':
      return 'result' in body ? resultBody : noteBody;
    case 'first-contact':
    case 'phone-attempt':
    case 'key-client-visit':
    case 'second-visit':
    case 'last-offer':
    case 'call-back':
    case 'call-centre-case':
      return resultBody;
    case 'second-round':
      return secondRoundBody;
  }
}

const component = (name: string) => ({ $ref: `#/components/schemas/${name}` });

export const completionBody = z
  .record(z.string(), z.unknown())
  .default({})
  .meta({
    id: 'TaskCompletion',
    description: [
      'What the kind of the task asks for:',
      'file-check, coaching, accept-reminder, do-not-contact-review: an optional note;',
      'indicative-quote, firm-quote: the premium;',
      'accept-entry: nothing (it says confirmed) or a result;',
      'first-contact, phone-attempt, key-client-visit, second-visit, last-offer, call-back, call-centre-case: a result;',
      'second-round: its decision. A hand-over is completed by deciding on its cases.',
    ].join(' '),
    override: {
      anyOf: [
        {
          type: 'object',
          properties: { note: { type: 'string' }, premium: { type: 'string' } },
          additionalProperties: false,
        },
        component('ResultToRecord'),
        component('SecondRoundDecision'),
      ],
    },
  });
