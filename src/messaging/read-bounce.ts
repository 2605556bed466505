import { simpleParser } from 'mailparser';

/** What a report says of one recipient: the address as the mail system names it, and its enhanced status code. */
type FailedRecipient = { address: string; status: string };

/** A delivery status report (RFC 3464) of a mail that was given up, and which of our mails it returns. */
export type Bounce = { messageId: string | undefined; failed: readonly FailedRecipient[] };

const returnedTypes = ['message/rfc822', 'text/rfc822-headers', 'message/global', 'message/global-headers'];
const reportTypes = ['message/delivery-status', 'message/global-delivery-status'];
const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/**
 * Reads a mail as a delivery status report; undefined for any other mail, such as an out-of-office note. Recipients whose
 * mail is merely late are not in it.
 */
export async function readBounce(mail: Buffer): Promise<Bounce | undefined> {
  const parsed = await simpleParser(mail, { keepDeliveryStatus: true, skipTextToHtml: true, skipImageLinks: true });
  const partOf = (types: readonly string[]): string | undefined =>
    parsed.attachments.find(({ contentType }) => types.includes(contentType))?.content.toString('utf8');
  const report = partOf(reportTypes);
  if (report === undefined) return undefined;
  const [returnedHeaders = ''] = (partOf(returnedTypes) ?? '').split(/\r?\n\r?\n/, 1);
  const named = `${returnedHeaders}\nMessage-ID: ${parsed.inReplyTo ?? ''}`;
  const messageId = new RegExp(`^message-id:\\s*<(${uuid})@`, 'im').exec(named)?.[1];
  return { messageId, failed: report.split(/(?:\r?\n){2,}/).flatMap(failedRecipient) };
}

/** One group of fields is about one recipient (RFC 3464, 2.3). */
function failedRecipient(group: string): FailedRecipient[] {
  const fieldOf = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]*(.+)$`, 'im').exec(group.replaceAll(/\r?\n[ \t]+/g, ' '))?.[1]?.trim();
  const recipient = fieldOf('Original-Recipient') ?? fieldOf('Final-Recipient');
  const address = recipient?.split(';').at(-1)?.trim();
  const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(fieldOf('Status') ?? '')?.[0];
  if (address === undefined || status === undefined || fieldOf('Action')?.toLowerCase() !== 'failed') return [];
  return [{ address, status }];
}
