import { z } from 'zod';
import { consentPurposes, consentSources, consentStates, replyMeanings } from '../../renewal/consent.ts';
import { channels } from '../../renewal/stage-plan.ts';
import { at, flag, id } from './basics.ts';

const channel = z.enum(channels);
const purpose = z.enum(consentPurposes);

const evidence = z
  .string()
  .regex(/^[\w.:/-]{1,100}$/, 'A number or code of at most 100 letters, digits and . : / - _')
  .meta({ description: 'Number or code of the recording, form or message; never a text', example: 'REC-2026-004711' });

export const consentBody = z
  .strictObject({
    channel,
    purpose,
    given: z.boolean().meta({ description: 'false: withdrawn, which is always possible' }),
    source: z.enum(['phone', 'visit', 'paper']).meta({ description: 'How the customer said so' }),
    evidence: evidence.optional().meta({ description: 'Needed to give consent after an opt-out or a withdrawal' }),
  })
  .meta({
    id: 'ConsentToRecord',
    example: { channel: 'sms', purpose: 'renewal-reminder', given: true, source: 'phone', evidence: 'REC-2026-004711' },
  });

export const consentsAnswer = z
  .strictObject({
    items: z.array(
      z.strictObject({
        channel,
        purpose,
        given: z.boolean(),
        optedOutAt: at.nullable().meta({
          description:
            'Since when an opt-out stops it, whatever was given; Twilio’s own block of the number until START comes from there',
        }),
        mayBeSent: z.boolean().meta({ description: 'Given, and no opt-out stops it' }),
      }),
    ),
    doNotContactUntil: at.nullable().meta({ description: 'Until then the customer is neither written to nor called' }),
    history: z
      .array(
        z.strictObject({
          id,
          at,
          channel,
          purpose,
          state: z.enum(consentStates),
          source: z.enum(consentSources),
          evidence: z.string().nullable(),
          recordedBy: z.string().nullable().meta({ description: 'Staff number; null where nobody of us recorded it' }),
        }),
      )
      .meta({ description: 'Newest first, the last 100 words' }),
  })
  .meta({ id: 'Consents' });

export const repliesQuery = z.strictObject({
  reveal: flag.optional().meta({ description: 'Shows what was written to roles that work with customers' }),
});

export const repliesAnswer = z
  .strictObject({
    items: z.array(
      z.strictObject({
        id: z.string(),
        receivedAt: at,
        body: z.string().nullable().meta({ description: 'null unless revealed' }),
        revealed: z.boolean(),
        meaning: z.enum(replyMeanings),
        certain: z.boolean().meta({ description: 'false: a person has to read it' }),
      }),
    ),
  })
  .meta({ id: 'Replies' });
