import { z } from 'zod';
import { at, staffId, text } from './basics.ts';

export const sendingBody = z
  .strictObject({
    stopped: z.boolean(),
    reason: text(500).optional().meta({ description: 'Why; a stop needs one' }),
  })
  .superRefine(({ stopped, reason }, context) => {
    if (stopped && reason === undefined) {
      context.addIssue({ code: 'custom', path: ['reason'], message: 'A stop says why' });
    }
  })
  .meta({ id: 'SendingChange', example: { stopped: true, reason: 'A template names the wrong hotline.' } });

export const sendingAnswer = z
  .strictObject({
    stopped: z.boolean().meta({ description: 'Whether nothing goes to customers' }),
    reason: z.string().nullable(),
    changedBy: staffId.nullable().meta({ description: 'null: nobody has used the switch through the API' }),
    changedAt: at.nullable(),
  })
  .meta({ id: 'Sending' });
