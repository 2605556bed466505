import { fc } from '@fast-check/vitest';
import { SegmentedMessage } from 'sms-segments-calculator';
import { describe, expect, test } from 'vitest';
import { beyondGsm, measureSmartlyEncoded, measureSms } from '../../src/messaging/segments.ts';

describe('The length of an SMS', () => {
  test.each([
    ['160 letters', 'a'.repeat(160), { encoding: 'GSM-7', units: 160, segments: 1 }],
    ['one letter more', 'a'.repeat(161), { encoding: 'GSM-7', units: 161, segments: 2 }],
    ['2 × 153 letters', 'a'.repeat(306), { encoding: 'GSM-7', units: 306, segments: 2 }],
    ['one letter more than that', 'a'.repeat(307), { encoding: 'GSM-7', units: 307, segments: 3 }],
    ['70 Chinese characters', '续'.repeat(70), { encoding: 'UCS-2', units: 70, segments: 1 }],
    ['one character more', '续'.repeat(71), { encoding: 'UCS-2', units: 71, segments: 2 }],
    ['2 × 67 Chinese characters', '续'.repeat(134), { encoding: 'UCS-2', units: 134, segments: 2 }],
    ['one character more than that', '续'.repeat(135), { encoding: 'UCS-2', units: 135, segments: 3 }],
    ['one Chinese character among letters', `${'a'.repeat(70)}续`, { encoding: 'UCS-2', units: 71, segments: 2 }],
    ['characters of the extension, two units each', '€'.repeat(80), { encoding: 'GSM-7', units: 160, segments: 1 }],
    ['one of the extension more', '€'.repeat(81), { encoding: 'GSM-7', units: 162, segments: 2 }],
    ['emoji, two units each', '🚗'.repeat(35), { encoding: 'UCS-2', units: 70, segments: 1 }],
    ['one emoji more', '🚗'.repeat(36), { encoding: 'UCS-2', units: 72, segments: 2 }],
    ['nothing', '', { encoding: 'GSM-7', units: 0, segments: 1 }],
  ])('of %s is counted as networks count it', (_, text, length) => {
    expect(measureSms(text)).toEqual(length);
  });

  test('never counts half of an emoji to a part: one that does not fit goes to the next', () => {
    expect(measureSms(`${'续'.repeat(66)}🚗${'续'.repeat(66)}`).segments).toBe(3);
  });

  test('shrinks where typographic characters are replaced on the way', () => {
    const text = `${'a'.repeat(100)}’`;

    expect(measureSms(text)).toMatchObject({ encoding: 'UCS-2', segments: 2 });
    expect(measureSmartlyEncoded(text)).toMatchObject({ encoding: 'GSM-7', segments: 1 });
    expect(beyondGsm(text)).toEqual(['’']);
  });

  const unit = fc.constantFrom(
    ...Array.from('aZ ~|^{}[]\\€`_@£$Èé’“·续保（），。！𠮷🚗\u0301\uff9e'),
    '👨‍👩‍👧',
    '\r',
    '\n',
  );
  const texts = fc.oneof(
    fc.string({ unit, maxLength: 400 }),
    fc.string({ unit: fc.constantFrom(...Array.from('续保（），。Aa1')), maxLength: 300 }),
    fc.string({ unit: fc.constantFrom(...Array.from('Aa1 @é')), maxLength: 500 }),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );

  test('is the same by the quick count and by graphemes', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { encodingName: encoding, segmentsCount: segments } = new SegmentedMessage(text);

        expect(measureSms(text)).toMatchObject({ encoding, segments });
      }),
      { numRuns: 300 },
    );
  });
});
