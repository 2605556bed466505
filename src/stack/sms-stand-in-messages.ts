import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/** One message that the stand-in took, as `GET /messages` shows it. */
export type TakenMessage = {
  to: string;
  body: string;
  at: string;
  sid: string;
  from: string;
  status: string;
  accountSid: string;
  statusCallback?: string;
  validityPeriod?: number;
};

export type TakenMessages = ReturnType<typeof keepMessages>;

export type MessageFilter = { to?: string; from?: string; sentOn?: string; sentAfter?: string; sentBefore?: string };

/** Keeps messages in memory and, with a file, one JSON line each, so that a restart finds them. */
export function keepMessages(file: string | undefined) {
  const all: TakenMessage[] = file && existsSync(file) ? readLines(file) : [];
  const bySid = new Map(all.map((message) => [message.sid, message]));
  if (file) mkdirSync(dirname(file), { recursive: true });
  return {
    all: (): readonly TakenMessage[] => all,
    find: (sid: string): TakenMessage | undefined => bySid.get(sid),
    search: (filter: MessageFilter): TakenMessage[] => all.filter((message) => matches(message, filter)).toReversed(),
    take: (asked: Omit<TakenMessage, 'sid' | 'at' | 'status'>): TakenMessage => {
      const sid = `SM${randomBytes(16).toString('hex')}`;
      const message = { ...asked, at: new Date().toISOString(), sid, status: 'queued' };
      // Written before the answer goes out: what was accepted must outlive a kill.
      if (file) appendFileSync(file, `${JSON.stringify(message)}\n`);
      all.push(message);
      bySid.set(sid, message);
      return message;
    },
    forget: (): void => {
      all.length = 0;
      bySid.clear();
      if (file) rmSync(file, { force: true });
    },
  };
}

function readLines(file: string): TakenMessage[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  // A kill can leave half a line at the end.
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as TakenMessage];
    } catch {
      return [];
    }
  });
}

function matches(message: TakenMessage, filter: MessageFilter): boolean {
  const day = message.at.slice(0, 10);
  return (
    (filter.to === undefined || filter.to === message.to) &&
    (filter.from === undefined || filter.from === message.from) &&
    (filter.sentOn === undefined || filter.sentOn.slice(0, 10) === day) &&
    (filter.sentAfter === undefined || message.at >= filter.sentAfter) &&
    (filter.sentBefore === undefined || message.at <= filter.sentBefore)
  );
}
