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

/** The line of a number in E.164; undefined for one that nobody can have. */
export function phoneLineOf(phone: string | null): PhoneLine | undefined {
  const number = phone === null ? undefined : parsePhoneNumberFromString(phone);
  if (!number?.isValid() || number.number !== phone) return undefined;
  return { country: number.country ?? null, takesSms: !linesWithoutSms.includes(number.getType()) };
}
