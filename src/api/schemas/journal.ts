import { z } from 'zod';
import { decisionRules } from '../../renewal/decision-rules.ts';
import { at, day, listOf } from './basics.ts';

export const eventsAhead = z
  .array(
    z
      .strictObject({
        at,
        what: z.string().meta({ example: 'touch:t-15' }),
        on: day,
        because: z.string().meta({ description: 'Why it is planned, in words' }),
      })
      .meta({ id: 'EventAhead' }),
  )
  .max(3)
  .meta({ description: 'The next planned events of the open case; empty once it has closed' });

const seenCalendar = z.strictObject({
  zone: z.string().meta({ example: 'Asia/Shanghai' }),
  day,
  isWorkday: z.boolean(),
  minuteOfDay: z.number().int(),
  workdays: z.array(day).optional().meta({ description: 'The working days counted for a deadline' }),
});

const explanation = z
  .strictObject({
    rule: z.enum(decisionRules),
    source: z.string().meta({ description: 'Where the rule stands, and what it says there' }),
    planVersion: z.number().int().nullable(),
    inputs: z.record(z.string(), z.unknown()).meta({ description: 'What it rests on: codes, numbers and instants' }),
    calendar: seenCalendar.meta({ description: 'What the business calendar showed at that moment' }),
  })
  .meta({ id: 'Explanation', description: 'Why a case sent, skipped, held, assigned or escalated' });

const journalEntry = z
  .strictObject({
    sequence: z.number().int(),
    at,
    recordedAt: at,
    actor: z.string(),
    event: z.string(),
    reason: z.string(),
    inputs: z.record(z.string(), z.unknown()),
    explanation: explanation
      .nullable()
      .meta({ description: 'null where it is no such decision, or did not say what it rests on' }),
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'JournalEntry' });

/** A page of a case's journal, with what is planned of the case next. */
export const journalPage = listOf(journalEntry).extend({ next: eventsAhead });
