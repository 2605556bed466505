import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { eq } from 'drizzle-orm';
import { readSituation } from '../db/cases/case-situation.ts';
import { messages } from '../db/schema/messages.ts';
import type { Channel } from '../renewal/stage-plan.ts';
import type { resend } from '../../workflows/resend.ts';
import { promptly, type CaseDeps } from './connect.ts';
import { renewalQueue } from './task-queues.ts';

/**
 * Starts the attempt that was ordered for a message, once: its workflow only asks the claim, which alone decides. A message
 * that waits for none changes nothing. Throws when Temporal is away: the settling finds it and starts it then.
 */
export async function resendMessage({ db, temporal, calendar }: CaseDeps, messageId: string): Promise<void> {
  const [message] = await db.select().from(messages).where(eq(messages.id, messageId));
  if (message?.state !== 'planned' || message.resends === 0) return;
  const { renewalId, touch, channel, resends } = message;
  const { stamp } = await db.transaction((tx) => readSituation(tx, renewalId, calendar));
  try {
    await promptly(temporal, () =>
      temporal.client.workflow.start<typeof resend>('resend', {
        workflowId: `resend.${messageId}.${resends}`,
        taskQueue: renewalQueue,
        args: [{ renewalId, touch, channel: channel as Channel, resend: resends, stamp }],
        // A run that was ended by hand may be started again; the claim sends once all the same.
        workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
        staticSummary: `${touch} by ${channel} once more`,
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
