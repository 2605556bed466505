import { parsePhoneNumberFromString, type NumberType } from 'libphonenumber-js/max';

/** What the numbering plans say of a number: its country, and whether a line of its kind can take an SMS. */
export type PhoneLine = { country: string | null; takesSms: boolean };

const linesWithoutSms: readonly NumberType[] = [
  'FIXED_LINE',
  'PREMIUM_RATE',
  'TOLL_FREE',
  'SHARED_COST',
  'UAN',
  'VOICEMAIL',
];

const mostLines = 1_000;
const lines = new Map<string, PhoneLine | undefined>();

/** The line of a number in E.164; undefined for one that nobody can have. A claim asks several times about one number. */
export function phoneLineOf(phone: string | null): PhoneLine | undefined {
  if (phone === null) return undefined;
  if (lines.has(phone)) return lines.get(phone);
  const line = lineOf(phone);
  if (lines.size >= mostLines) lines.clear();
  lines.set(phone, line);
  return line;
}

function lineOf(phone: string): PhoneLine | undefined {
  const number = parsePhoneNumberFromString(phone);
  if (!number?.isValid() || number.number !== phone) return undefined;
  return { country: number.country ?? null, takesSms: !linesWithoutSms.includes(number.getType()) };
}
