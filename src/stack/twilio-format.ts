import { SegmentedMessage } from 'sms-segments-calculator';
import type { TakenMessage } from './sms-stand-in-messages.ts';

export type TwilioProblem = { code: number; message: string; more_info: string; status: number };

export function twilioProblem(status: number, code: number, message: string): TwilioProblem {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}

export function optedOutProblem(): TwilioProblem {
  return twilioProblem(400, 21610, 'Attempt to send to unsubscribed recipient');
}

type TwilioForm = Readonly<Record<string, string | undefined>>;

/** What is wrong with the form of a new message, in Twilio's words and codes. */
export function findProblem(form: TwilioForm): TwilioProblem | undefined {
  const { To: to = '', From: from = '', Body: body = '' } = form;
  if (!to) return twilioProblem(400, 21604, "A 'To' phone number is required.");
  if (!/^\+[1-9]\d{6,14}$/.test(to)) return twilioProblem(400, 21211, `Invalid 'To' Phone Number: ${to}`);
  if (!from && !form['MessagingServiceSid']) return twilioProblem(400, 21603, "A 'From' phone number is required.");
  if (from && !/^(\+?\d{3,15}|[A-Za-z0-9 ]{1,11})$/.test(from)) {
    return twilioProblem(400, 21212, `Invalid From Number (caller ID): ${from}`);
  }
  if (!body) return twilioProblem(400, 21602, 'Message body is required.');
  if (body.length > 1600)
    return twilioProblem(400, 21617, 'The concatenated message body exceeds the 1600 character limit');
  return findSettingProblem(form);
}

function findSettingProblem(form: TwilioForm): TwilioProblem | undefined {
  const { StatusCallback: callback, ValidityPeriod: validity, SendAt: sendAt } = form;
  if (callback !== undefined && !URL.canParse(callback))
    return twilioProblem(400, 21609, `The 'StatusCallback' URL ${callback} is not a valid URL.`);
  if (validity !== undefined && !(Number(validity) >= 1 && Number(validity) <= 36_000))
    return twilioProblem(400, 21623, `ValidityPeriod ${validity} is not between 1 and 36000`);
  if (sendAt !== undefined && !form['MessagingServiceSid'])
    return twilioProblem(400, 35118, 'MessagingServiceSid is required to schedule a message');
  return undefined;
}

export function segmentsOf(body: string): number {
  return body === '' ? 0 : new SegmentedMessage(body).segmentsCount;
}

export function asTwilioMessage(message: TakenMessage): Record<string, unknown> {
  const body = message.redacted ? '' : message.body;
  const uri = `/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}`;
  return {
    account_sid: message.accountSid,
    api_version: '2010-04-01',
    body,
    date_created: twilioDate(message.at),
    date_sent: message.sentAt === undefined ? null : twilioDate(message.sentAt),
    date_updated: twilioDate(message.changedAt ?? message.at),
    direction: message.direction ?? 'outbound-api',
    error_code: message.errorCode ?? null,
    error_message: message.errorCode === undefined ? null : `Error ${message.errorCode}`,
    from: message.from || null,
    messaging_service_sid: message.messagingServiceSid ?? null,
    num_media: '0',
    num_segments: String(message.segments ?? 1),
    price: null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

function twilioDate(instant: string): string {
  return new Date(instant).toUTCString().replace('GMT', '+0000');
}

export type PageRequest = { path: string; query: Record<string, string>; pageSize: number };

/** One page of a list; the next begins behind the last message of this one, however many have come since. */
export function asTwilioPage(found: TakenMessage[], request: PageRequest): Record<string, unknown> {
  const { pageSize, query } = request;
  const page = Number(query['Page']) || 0;
  const after = query['PageToken']?.slice(2);
  const start = after === undefined ? page * pageSize : found.findIndex(({ sid }) => sid === after) + 1;
  const shown = found.slice(start, start + pageSize);
  const uri = (number: number, more: Record<string, string> = {}): string => {
    const { PageToken: _here, ...filters } = query;
    const asked = new URLSearchParams({ ...filters, PageSize: String(pageSize), Page: String(number), ...more });
    return `${request.path}?${asked.toString()}`;
  };
  const next = { PageToken: `PA${shown.at(-1)?.sid}` };
  return {
    messages: shown.map(asTwilioMessage),
    page,
    page_size: pageSize,
    start,
    end: Math.max(start, start + shown.length - 1),
    uri: uri(page),
    first_page_uri: uri(0),
    next_page_uri: start + pageSize < found.length ? uri(page + 1, next) : null,
    previous_page_uri: page > 0 ? uri(page - 1) : null,
  };
}
