import type { Channel } from './stage-plan.ts';

/** @public Why nothing is sent to an address any more; the glossary is compared with it. */
export const suppressionReasons = ['no-such-address', 'cannot-take-sms', 'unreachable', 'wrong-number'] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

/** What an error says of the address: it is none for good, or it could not be reached this time. */
export type AddressError = { kind: 'for-good'; reason: SuppressionReason } | { kind: 'this-time' };

/** So many messages in a row that did not reach an address suppress it; the number is ours. */
export const failuresInARow = 3;

const forGood = (reason: SuppressionReason): AddressError => ({ kind: 'for-good', reason });
const thisTime: AddressError = { kind: 'this-time' };

const smsErrors: Readonly<Record<string, AddressError>> = {
  // Twilio: unreachable handset; unknown handset; landline or unreachable carrier; invalid number; no mobile number.
  '30003': thisTime,
  '30005': forGood('no-such-address'),
  '30006': forGood('cannot-take-sms'),
  '21211': forGood('no-such-address'),
  '21614': forGood('cannot-take-sms'),
  // Aliyun: illegal number.
  'isv.MOBILE_NUMBER_ILLEGAL': forGood('no-such-address'),
};

/** A report that names none of our messages: anybody can write one, so that it counts and suppresses nothing by itself. */
const unprovedMark = 'unproved/';

/** The code of such a report. */
export function unproved(code: string): string {
  return `${unprovedMark}${code}`;
}

/** Whether a code is that of such a report. */
export function isUnproved(code: string): boolean {
  return code.startsWith(unprovedMark);
}

/** What our adapter says of a recipient whom a mail server refused without telling more. */
const recipientRefused = 'recipient';
const enhancedStatus = /^([45])\.(\d{1,3})\.(\d{1,3})$/;
/** RFC 3463 and its registry: X.1.7 to X.1.9 are about the sender's address. */
const aboutTheSender = ['7', '8', '9'];

/**
 * What a provider's code says of the address that a message went to; undefined when it says nothing of it, as policy and
 * spam do (5.7.x). Mail systems tell by the enhanced status codes of RFC 3463. Promises.md, SMTP specifics.
 */
export function addressErrorOf(channel: Channel, code: string): AddressError | undefined {
  if (channel === 'sms') return smsErrors[code];
  if (isUnproved(code)) return addressErrorOf(channel, code.slice(unprovedMark.length)) && thisTime;
  if (code === recipientRefused) return forGood('no-such-address');
  const [, kind, subject, detail] = enhancedStatus.exec(code) ?? [];
  if (kind === undefined || subject === undefined || detail === undefined) return undefined;
  if (subject === '1' && aboutTheSender.includes(detail)) return undefined;
  if (subject === '7') return undefined;
  if (kind === '4') return thisTime;
  if (subject === '1' || `${subject}.${detail}` === '2.1') return forGood('no-such-address');
  // A full mailbox and a route that is not found may be mended.
  return `${subject}.${detail}` === '2.2' || subject === '4' ? thisTime : undefined;
}
