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
  /** A text that a phone sent to us; without it a message of ours. */
  direction?: 'inbound';
  messagingServiceSid?: string;
  statusCallback?: string;
  validityPeriod?: number;
  segments?: number;
  /** When a scheduled message joins the queue. */
  sendAt?: string;
  sentAt?: string;
  changedAt?: string;
  errorCode?: number;
  /** Gone from Twilio's answers, and still in the list of all that was taken. */
  redacted?: boolean;
  deleted?: boolean;
};

export type NewMessage = Omit<TakenMessage, 'sid' | 'at'>;
export type MessageNews = Partial<Pick<TakenMessage, 'status' | 'sentAt' | 'errorCode' | 'redacted' | 'deleted'>>;

export type TakenMessages = ReturnType<typeof keepMessages>;

export type MessageFilter = { to?: string; from?: string; sentOn?: string; sentAfter?: string; sentBefore?: string };

/** Keeps messages in memory and, with a file, one JSON line for each change, so that a restart finds them. */
export function keepMessages(file: string | undefined) {
  const bySid = new Map(readLines(file).map((message) => [message.sid, message]));
  const isReceived = ({ direction }: TakenMessage): boolean => direction === 'inbound';
  const ours = [...bySid.values()].filter((message) => !isReceived(message));
  const received = [...bySid.values()].filter(isReceived);
  const listedFrom = new Map<string, number>();
  if (file) mkdirSync(dirname(file), { recursive: true });
  const write = (message: TakenMessage): void => {
    if (file) appendFileSync(file, `${JSON.stringify(message)}\n`);
  };
  return {
    /** What was sent through us. */
    all: (): readonly TakenMessage[] => ours,
    /** What phones sent to us. */
    received: (): readonly TakenMessage[] => received,
    find: (sid: string): TakenMessage | undefined => {
      const message = bySid.get(sid);
      return message?.deleted ? undefined : message;
    },
    /** The newest first, and none that the list is not yet up to. */
    search: (filter: MessageFilter): TakenMessage[] => {
      const now = Date.now();
      const isListed = ({ sid, deleted }: TakenMessage): boolean => !deleted && (listedFrom.get(sid) ?? 0) <= now;
      return [...bySid.values()].filter((message) => isListed(message) && matches(message, filter)).toReversed();
    },
    take: (asked: NewMessage, listLagMs = 0): TakenMessage => {
      const message = { ...asked, at: new Date().toISOString(), sid: `SM${randomBytes(16).toString('hex')}` };
      // Written before the answer goes out: what was accepted must outlive a kill.
      write(message);
      bySid.set(message.sid, message);
      if (listLagMs > 0) listedFrom.set(message.sid, Date.now() + listLagMs);
      (isReceived(message) ? received : ours).push(message);
      return message;
    },
    change: (message: TakenMessage, news: MessageNews): void => {
      write(Object.assign(message, news, { changedAt: new Date().toISOString() }));
    },
    forget: (): void => {
      ours.length = 0;
      received.length = 0;
      bySid.clear();
      listedFrom.clear();
      if (file) rmSync(file, { force: true });
    },
  };
}

function readLines(file: string | undefined): TakenMessage[] {
  const lines = file && existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
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
  const at = Date.parse(message.at);
  return (
    (filter.to === undefined || filter.to === message.to) &&
    (filter.from === undefined || filter.from === message.from) &&
    (filter.sentOn === undefined || filter.sentOn.slice(0, 10) === message.at.slice(0, 10)) &&
    (filter.sentAfter === undefined || at >= Date.parse(filter.sentAfter)) &&
    (filter.sentBefore === undefined || at <= Date.parse(filter.sentBefore))
  );
}
