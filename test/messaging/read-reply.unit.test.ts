import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { readReply } from '../../src/messaging/read-reply.ts';
import { labelledPhrases, type LabelledPhrase } from './opt-out/phrases.ts';

const stops = (meaning: string): boolean => meaning === 'opt-out' || meaning === 'no-contact';
const isCaught = ({ phrase }: LabelledPhrase): boolean => {
  const { meaning, certain } = readReply(phrase);
  return certain && stops(meaning);
};

/** How many of the phrases that must stop messages do, and how many of those that do must. */
function measure(phrases: readonly LabelledPhrase[]) {
  const meant = phrases.filter(({ meaning }) => stops(meaning));
  const caught = phrases.filter(isCaught);
  const right = caught.filter(({ meaning }) => stops(meaning)).length;
  return { phrases: phrases.length, recall: right / meant.length, precision: right / caught.length };
}

const sets = [...new Set(labelledPhrases.map(({ set }) => set))];
const measured = sets.flatMap((set) =>
  ['en', 'zh'].map((language) => {
    const phrases = labelledPhrases.filter((one) => one.set === set && one.language === language);
    return { set, language, ...measure(phrases) };
  }),
);

const wholes = sets.map((set) => ({
  set,
  language: 'both',
  ...measure(labelledPhrases.filter((one) => one.set === set)),
}));

function tell({ set, language, phrases, recall, precision }: (typeof measured)[number]): string {
  return `${set} ${language}: ${phrases} phrases, recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}`;
}

describe('A customer who wants no more messages is understood', () => {
  test('in more than two hundred phrases of both languages', () => {
    process.stdout.write(`${[...measured, ...wholes].map(tell).join('\n')}\n`);

    expect(new Set(labelledPhrases.map(({ phrase }) => phrase)).size).toBeGreaterThan(400);
  });

  test.each(measured.filter(({ set }) => set !== 'untouched'))('in the set $set in $language', (figures) => {
    expect(figures.recall).toBeGreaterThanOrEqual(0.95);
    expect(figures.precision).toBeGreaterThanOrEqual(0.9);
  });

  test('mostly in phrases for which no rule was ever changed', () => {
    const figures = measure(labelledPhrases.filter(({ set }) => set === 'untouched'));

    expect(figures.recall).toBeGreaterThanOrEqual(0.8);
    expect(figures.precision).toBeGreaterThanOrEqual(0.9);
  });

  test('and not when they only want no call now, or messages again', () => {
    const taken = labelledPhrases.filter((one) => one.set === 'limited' && one.meaning === 'other' && isCaught(one));

    expect(taken).toEqual([]);
  });

  test('whatever stands around and within a keyword', () => {
    const keywords = fc.constantFrom('stop', 'Unsubscribe', 'QUIT', 'td', '退订', '退訂', '取消订阅', 'ＳＴＯＰ');
    const noises = fc.array(fc.constantFrom(' ', '.', '!', '～', '，', '🙏', '\n'), { maxLength: 4 });

    fc.assert(
      fc.property(keywords, noises, (keyword, noise) => {
        const around = noise.join('');
        const within = Array.from(keyword).join(noise[0] ?? '');
        expect(readReply(`${around}${within}${around}`)).toEqual({ meaning: 'opt-out', certain: true });
      }),
    );
  });
});

describe('An answer', () => {
  test.each([
    ["please don't stop my cover", 'other', true],
    ['不要退保', 'other', true],
    ['什么时候到期', 'other', true],
    ['START', 'opt-in', true],
    ['恢复订阅', 'opt-in', true],
    ['不要再联系我', 'no-contact', true],
    ['Do not contact me before noon', 'no-contact', false],
    ["Don't call, I'm in a meeting", 'no-contact', false],
    ['别打电话，我在开会', 'no-contact', false],
    ['SUBSCRIBE', 'other', true],
    ['Can you stop the automatic payment?', 'opt-out', false],
    ['发错人了，我不是王先生', 'wrong-person', true],
    ['车已经卖了', 'sold-vehicle', true],
    ['HELP', 'help', true],
    ['', 'other', true],
  ])('such as %j means %s, for certain: %s', (text, meaning, certain) => {
    expect(readReply(text)).toEqual({ meaning, certain });
  });

  test('of any characters is read as something', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_600 }), (text) => {
        expect(readReply(text).meaning).not.toBe('');
      }),
    );
  });
});
