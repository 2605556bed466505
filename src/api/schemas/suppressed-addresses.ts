import { z } from 'zod';
import { channels } from '../../renewal/stage-plan.ts';
import { suppressionReasons } from '../../renewal/suppression.ts';
import { suppressionStates } from '../../reporting/suppressed-list.ts';
import { at, id, paging, renewalId, staffId, text } from './basics.ts';

export const suppressedFilters = z.strictObject({
  state: z.enum(suppressionStates).default('suppressed'),
  channel: z.enum(channels).optional(),
  reason: z.enum(suppressionReasons).optional(),
  renewalId: renewalId.optional().meta({ description: 'Addresses of the customer of this case' }),
  ...paging,
});

export const suppressedAddress = z
  .strictObject({
    id,
    channel: z.enum(channels),
    address: z.string().meta({ description: 'Masked; the message shows it to whoever may see it' }),
    reason: z.enum(suppressionReasons),
    code: z.string().nullable().meta({ description: 'The provider’s or the mail system’s own', example: '30003' }),
    isOneCustomers: z.boolean().meta({ description: 'It is not this customer’s, and may well be somebody else’s' }),
    renewalId: renewalId.nullable().meta({ description: 'The case whose message or result suppressed it' }),
    messageId: id.nullable(),
    since: at,
    liftedAt: at.nullable(),
    liftedBy: staffId.nullable(),
    liftReason: z.string().nullable(),
  })
  .meta({ id: 'SuppressedAddress' });

export const liftBody = z
  .strictObject({ reason: text(1_000).meta({ description: 'How you know that it works' }) })
  .meta({ id: 'SuppressionLift', example: { reason: 'The customer says that the mailbox works again.' } });
