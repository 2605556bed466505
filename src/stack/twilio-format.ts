import type { TakenMessage } from './sms-stand-in-messages.ts';

export type TwilioProblem = { code: number; message: string; more_info: string; status: number };

export function twilioProblem(status: number, code: number, message: string): TwilioProblem {
  return { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
}

/** What is wrong with the form of a new message, in Twilio's words and codes. */
export function findProblem(form: Record<string, string | undefined>): TwilioProblem | undefined {
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
  return undefined;
}

export function asTwilioMessage(message: TakenMessage): Record<string, unknown> {
  const at = new Date(message.at).toUTCString().replace('GMT', '+0000');
  const uri = `/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}`;
  return {
    account_sid: message.accountSid,
    api_version: '2010-04-01',
    body: message.body,
    date_created: at,
    date_sent: at,
    date_updated: at,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: message.from,
    messaging_service_sid: null,
    num_media: '0',
    num_segments: String(Math.ceil(message.body.length / 67)),
    price: null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

export type PageRequest = { path: string; query: Record<string, string>; page: number; pageSize: number };

export function asTwilioPage(found: TakenMessage[], request: PageRequest): Record<string, unknown> {
  const { page, pageSize } = request;
  const start = page * pageSize;
  const uri = (number: number): string => {
    const query = new URLSearchParams({ ...request.query, PageSize: String(pageSize), Page: String(number) });
    return `${request.path}?${query.toString()}`;
  };
  return {
    messages: found.slice(start, start + pageSize).map(asTwilioMessage),
    page,
    page_size: pageSize,
    start,
    end: Math.max(start, Math.min(start + pageSize, found.length) - 1),
    uri: uri(page),
    first_page_uri: uri(0),
    next_page_uri: start + pageSize < found.length ? uri(page + 1) : null,
    previous_page_uri: page > 0 ? uri(page - 1) : null,
  };
}
