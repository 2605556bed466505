import type { Readable } from 'node:stream';
import { startAge } from './claim-age.ts';

/** How long (wall ms) a mail server may take from the connection to the end of the text. */
const mostBeforeFinalDot = 20_000;

/** A mail is sent by its final dot alone (RFC 5321, 4.1.1.4): until then it can be given up, and nothing went. */
export type MailDeadline = {
  /** Ends the attempt when its time is over before the final dot. */
  signal: AbortSignal;
  /** Lets the final dot follow the text only in time, also when the timer comes late because the process stood still. */
  guard: (text: Readable) => Readable;
  /** Whether the final dot may have gone. */
  isPassed: () => boolean;
  end: () => void;
};

/** `validForSeconds` (wall) is what is left of the time in which the mail may be sent. */
export function startMailDeadline(validForSeconds: number): MailDeadline {
  const giveUp = new AbortController();
  const ageMs = startAge();
  const mostMs = Math.min(mostBeforeFinalDot, validForSeconds * 1_000);
  const timer = setTimeout(() => giveUp.abort(), mostMs);
  let isPassed = false;
  const finish = (): void => {
    clearTimeout(timer);
    if (ageMs() < mostMs) isPassed = true;
    else giveUp.abort();
  };
  return {
    signal: giveUp.signal,
    // Before the listener of whoever writes the dot, who begins to read once the server has answered to DATA.
    guard: (text) => text.once('end', finish),
    isPassed: () => isPassed,
    end: () => clearTimeout(timer),
  };
}
