import { z } from 'zod';
import { defaultStagePlan } from '../../renewal/default-stage-plan.ts';
import { segments } from '../../renewal/segment.ts';
import { countingResults, channels, escalationTargets, plannedTaskKinds, stages } from '../../renewal/stage-plan.ts';
import { code } from './basics.ts';

/** Whether a number makes sense in its place is the check's matter; here it is one that can be stored. */
const number = z.number().int().min(-10_000).max(10_000);
const daysBefore = number.meta({ description: 'Days before the expiry T; 0 is T', example: 30 });
const minutes = number.meta({ description: 'Minute of the business day', example: 540 });

const late = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('skip') }),
    z.strictObject({ kind: z.literal('send-if-within'), days: number }),
  ])
  .meta({ id: 'LatePolicy', description: 'What becomes of a touch whose day has passed' });

const touch = z
  .strictObject({
    key: code.meta({ description: 'Names the touch for good: a moved touch keeps it', example: 't-15' }),
    daysBefore,
    channels: z.array(z.enum(channels)).max(10),
    template: code,
    late,
  })
  .meta({ id: 'PlannedTouch' });

const task = z
  .strictObject({
    kind: z.enum(plannedTaskKinds),
    startsDaysBefore: daysBefore.exactOptional().meta({ description: 'When the stage opens, if left out' }),
    segments: z.array(z.enum(segments)).max(20).exactOptional().meta({ description: 'All, if left out' }),
    dueWorkdays: number.exactOptional().meta({ description: 'The kind’s own number, if left out' }),
  })
  .meta({ id: 'PlannedTask' });

const target = z.enum(escalationTargets);

const stage = z
  .strictObject({
    stage: z.enum(stages),
    opensDaysBefore: daysBefore,
    endsDaysBefore: daysBefore,
    counts: z.enum(countingResults),
    unanswered: z
      .strictObject({ handedOut: target, notHandedOut: target })
      .meta({ description: 'Who takes over when nothing that counts was recorded' }),
    touches: z.array(touch).max(60),
    tasks: z.array(task).max(60),
  })
  .meta({ id: 'PlannedStage' });

/** The shape of a stage plan; its rules are src/renewal/stage-plan-check.ts. */
export const stagePlanContent = z
  .strictObject({
    stages: z.array(stage).max(10),
    graceDays: number.meta({ description: 'Days after the expiry until an open case closes as lost' }),
    bindOpensDaysBefore: daysBefore,
    minimumAttempts: number.meta({ description: 'Recorded attempts before `unreachable` is taken' }),
    secondRoundDays: number,
    handoverWorkdays: number,
    sendingWindow: z.strictObject({ fromMinute: minutes, toMinute: minutes }),
    caps: z.strictObject({ touchesPerDay: number, contactsPerWeek: number }),
    spreadMinutes: number.meta({ description: 'Over how many minutes the cases of one expiry day spread' }),
  })
  .meta({ id: 'StagePlanContent', example: defaultStagePlan });
