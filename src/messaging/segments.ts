import { SegmentedMessage } from 'sms-segments-calculator';

/** What an SMS is counted as: parts of 160 units in GSM-7 (153 where there are several), of 70 (67) in UCS-2. */
export type SmsLength = {
  encoding: 'GSM-7' | 'UCS-2';
  /** Characters as the encoding counts them: two for a GSM-7 extension character, two for an emoji in UCS-2. */
  units: number;
  segments: number;
};

/** The most parts that a text of ours may have. */
export const mostSegments = 3;

export function measureSms(text: string): SmsLength {
  return lengthOf(new SegmentedMessage(text));
}

/** The same as Twilio counts it where its smart encoding replaces typographic characters by plain ones. */
export function measureSmartlyEncoded(text: string): SmsLength {
  return lengthOf(new SegmentedMessage(text, 'auto', true));
}

/** The characters that keep a text out of GSM-7, each once. */
export function beyondGsm(text: string): string[] {
  return [...new Set(new SegmentedMessage(text).getNonGsmCharacters())];
}

function lengthOf({ encodingName, messageSize, segmentsCount }: SegmentedMessage): SmsLength {
  const bits = encodingName === 'GSM-7' ? 7 : 16;
  return { encoding: encodingName, units: Math.round(messageSize / bits), segments: segmentsCount };
}
