import type twilio from 'twilio';
import { failureCode } from './failure-code.ts';
import type { LookedUp, PastAttempt, SmsPort } from './provider-answer.ts';
import { twilioState } from './twilio-status.ts';

type Client = ReturnType<typeof twilio>;
type Listed = Awaited<ReturnType<Client['messages']['list']>>[number];

/** How far Twilio's clock and ours may differ, its whole seconds included. */
const clocksDifferMs = 30_000;
/** How long after its beginning an attempt may still have reached Twilio: the time-out of the request, and some. */
const underWayMs = 60_000;
const mostListed = 200;

/**
 * Asks Twilio's own books what became of attempts. The list is searched by number and by when its messages were created: by
 * when they were sent it leaves out those that still wait.
 */
export function twilioBooks(client: Client, sender: string): Required<Pick<SmsPort, 'lookUp' | 'fetch'>> {
  return {
    lookUp: (attempt) =>
      orCannotTell(async () => {
        const listed = await client.messages.list({ to: attempt.to, limit: mostListed, pageSize: mostListed });
        return find(attempt, sender, listed);
      }),
    fetch: ({ providerId }) => orCannotTell(async () => delivered(await client.messages(providerId).fetch())),
  };
}

/** One message of ours with this text is the attempt; several may be others, and so may one with another text. */
function find(attempt: PastAttempt, sender: string, listed: readonly Listed[]): LookedUp {
  const oldest = listed.at(-1);
  const ourTime = (at: Date): boolean =>
    at.getTime() >= attempt.triedAt - clocksDifferMs && at.getTime() <= attempt.triedAt + underWayMs + clocksDifferMs;
  const ours = listed.filter(
    ({ direction, from, messagingServiceSid, dateCreated }) =>
      direction !== 'inbound' && (from === sender || messagingServiceSid === sender) && ourTime(dateCreated),
  );
  const same = ours.filter(({ body }) => body === attempt.text);
  if (same.length === 1 && same[0]) return delivered(same[0]);
  if (ours.length > 0) return { kind: 'cannot-tell', code: 'several-messages' };
  const goesFarBack = listed.length < mostListed || (oldest && oldest.dateCreated.getTime() < attempt.triedAt);
  return goesFarBack ? { kind: 'not-found' } : { kind: 'cannot-tell', code: 'too-many-messages' };
}

function delivered({ sid, status, errorCode }: Pick<Listed, 'sid' | 'status' | 'errorCode'>): LookedUp {
  const state = twilioState(status);
  if (state === undefined) return { kind: 'cannot-tell', code: 'unknown-status' };
  // The SDK says a number and Twilio may answer null for none.
  const code = errorCode ? { errorCode: String(errorCode) } : {};
  return { kind: 'found', delivery: { providerId: sid, state, status, ...code } };
}

async function orCannotTell(ask: () => Promise<LookedUp>): Promise<LookedUp> {
  try {
    return await ask();
  } catch (error) {
    const { status } = error as { status?: unknown };
    return { kind: 'cannot-tell', code: typeof status === 'number' ? `http-${status}` : failureCode(error) };
  }
}
