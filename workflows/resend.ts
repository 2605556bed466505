import { sleep } from '@temporalio/workflow';
import type { SendAnswer } from '../src/renewal/case-answers.ts';
import type { Channel } from '../src/renewal/stage-plan.ts';
import { send } from './steps.ts';

/** Which message is to be tried once more, and which of its ordered attempts this is. */
export type ResendInput = { renewalId: string; touch: string; channel: Channel; resend: number; stamp: string };

/** What became of the attempt; one that was held waits as long as the rules say. */
export type Resent = { kind: Exclude<SendAnswer['kind'], 'waiting'>; reason?: string };

/** One more attempt of a message, ordered on purpose (promises.md, Settling an unknown): it passes every rule again. */
export async function resend({ channel, ...question }: ResendInput): Promise<Resent> {
  for (;;) {
    const answer = await send(question, channel, `${question.touch} by ${channel} once more`);
    if (answer.kind !== 'waiting')
      return 'reason' in answer ? { kind: answer.kind, reason: answer.reason } : { kind: answer.kind };
    await sleep(answer.until - Date.now(), { summary: `held: ${answer.reason}` });
  }
}
