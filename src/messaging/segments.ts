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

/** Of GSM-7's own alphabet, one unit each. */
const plainGsm = /^[ -Z_a-z@£$¥èéùìòÇØøÅåÆæßÉÄÖÑÜ§¿äöñüà¡¤]*$/;
/** Characters of one unit that join no other one; at least one of them is beyond GSM-7. */
const plainChinese =
  /^(?=.*[\u3000-\u3029\u3400-\u9fff\uff01-\uff5e])[ -~\u00a1-\u024f\u2010-\u2027\u3000-\u3029\u3400-\u9fff\uff01-\uff5e]*$/;

/** How long a text is; what hardly any message is made of is left to the slower count by graphemes. */
export function measureSms(text: string): SmsLength {
  if (plainGsm.test(text)) return countPlain('GSM-7', text.length, { alone: 160, each: 153 });
  if (plainChinese.test(text)) return countPlain('UCS-2', text.length, { alone: 70, each: 67 });
  return lengthOf(new SegmentedMessage(text));
}

function countPlain(
  encoding: SmsLength['encoding'],
  units: number,
  { alone, each }: { alone: number; each: number },
): SmsLength {
  return { encoding, units, segments: units <= alone ? 1 : Math.ceil(units / each) };
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
