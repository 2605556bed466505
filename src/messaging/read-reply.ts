import type { ReplyMeaning } from '../renewal/consent.ts';
import * as en from './reply-words-en.ts';
import * as zh from './reply-words-zh.ts';

/** What an answer means; of an uncertain one only a person may say so. */
export type ReadReply = { meaning: ReplyMeaning; certain: boolean };

/** Words and patterns of one language. */
type Wording = Pick<
  typeof en,
  'ordering' | 'courtesy' | 'noContact' | 'limited' | 'otherWay' | 'optOut' | 'wrongPerson' | 'soldVehicle'
>;

const stopSigns = /^[\s!]*(?:🛑|🚫|✋|⛔)+[\s!]*$/u;
const simplifiedOf = new Map(
  Array.from(zh.traditional).map((character, place) => [character, Array.from(zh.simplified)[place] ?? character]),
);
const certainly = (meaning: ReplyMeaning): ReadReply => ({ meaning, certain: true });
const perhaps = (meaning: ReplyMeaning): ReadReply => ({ meaning, certain: false });

/**
 * What a customer's answer by SMS means, in Chinese or English (business.md, Restraint: opt-out by keyword or free text).
 * Full-width letters, traditional characters, punctuation, emoji, spaces within a word and a slip of the finger do not
 * hide a keyword; "please don't stop my cover" is none.
 */
export function readReply(text: string): ReadReply {
  const plain = makePlain(text);
  if (stopSigns.test(text)) return certainly('opt-out');
  return readKeyword(plain) ?? readSentence(plain, text) ?? certainly('other');
}

function makePlain(text: string): string {
  const simple = Array.from(text.normalize('NFKC'), (one) => simplifiedOf.get(one) ?? one).join('');
  return simple.toLowerCase().replaceAll(/['’`]/g, '').trim();
}

function lettersOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

/** The whole answer is a keyword, whatever stands between its letters and around it. */
function readKeyword(plain: string): ReadReply | undefined {
  const bare = lettersOf(plain);
  const english = lettersOf(plain.replaceAll(en.courtesy, '')) || bare;
  const chinese = bare.replaceAll(zh.courtesy, '') || bare;
  if (en.optOutWord.test(english) || zh.optOutWord.test(chinese)) return certainly('opt-out');
  if (isSlipOf('stop', english.replace(/p+$/, 'p')) || isNear(en.longKeyword, english)) return certainly('opt-out');
  if (en.optInWord.test(english) || zh.optInWord.test(chinese)) return certainly('opt-in');
  return en.helpWord.test(english) || zh.helpWord.test(chinese) ? certainly('help') : undefined;
}

function readSentence(plain: string, original: string): ReadReply | undefined {
  const isChinese = /\p{Script=Han}/u.test(plain);
  const words = isChinese ? zh : en;
  const rest = plain.replaceAll(words.protecting, ' ');
  const clauses = rest.split(/[.,;!?\n，。；！？、]+/).map((clause) => tidy(clause, isChinese));
  const refused = readRefusal(words, clauses);
  if (refused) return refused;
  const isAbout = (patterns: readonly RegExp[]): boolean => patterns.some((pattern) => pattern.test(plain));
  if (isAbout(words.wrongPerson) || en.notThisPerson.test(original)) return certainly('wrong-person');
  if (clauses.some((clause) => isOrder(clause, words)) || isLoud(original)) return certainly('opt-out');
  if (isAbout(words.soldVehicle)) return certainly('sold-vehicle');
  return words.suspicious.test(rest) ? perhaps('opt-out') : undefined;
}

function tidy(clause: string, isChinese: boolean): string {
  return isChinese ? lettersOf(clause) : clause.replaceAll(/[^\p{L}\p{N}-]+/gu, ' ').trim();
}

/** Calls and messages refused for good, or messages alone. Whoever names another way wants to hear from us. */
function readRefusal(words: Wording, clauses: readonly string[]): ReadReply | undefined {
  const matches = (patterns: readonly RegExp[]) => clauses.some((clause) => patterns.some((one) => one.test(clause)));
  const isRefused = (clause: string) => [...words.noContact, ...words.optOut].some((one) => one.test(clause));
  const namesOtherWay = clauses.some((clause) => words.otherWay.test(clause) && !isRefused(clause));
  if (matches(words.noContact) && !namesOtherWay) {
    const isLimited = clauses.some((clause) => words.limited.test(clause));
    return isLimited ? perhaps('no-contact') : certainly('no-contact');
  }
  return matches(words.optOut) ? certainly('opt-out') : undefined;
}

function isOrder(clause: string, words: Wording): boolean {
  return (
    clause.split(' ').some((word) => isNear(en.longKeyword, word)) ||
    words.ordering.test(clause.replaceAll(words.courtesy, '').trim())
  );
}

/** In a text that is not all in capitals. */
function isLoud(original: string): boolean {
  return en.loudWord.test(original) && (/\p{Ll}/u.test(original) || original.length < 20);
}

/** The keyword, or two neighbouring letters of it changed places. */
function isSlipOf(keyword: string, word: string): boolean {
  if (word === keyword) return true;
  return Array.from(keyword).some((_, at) => {
    const swapped = keyword.slice(0, at) + (keyword[at + 1] ?? '') + (keyword[at] ?? '') + keyword.slice(at + 2);
    return word === swapped;
  });
}

/** At most two letters missing, too many or wrong in a long word; of the words that mean the opposite only itself is so near. */
function isNear(keyword: string, word: string): boolean {
  if (Math.abs(keyword.length - word.length) > 2 || en.subscribing.test(word)) return false;
  return editsBetween(keyword, word) <= 2;
}

function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [above, letter] of Array.from(one).entries()) {
    const next = [above + 1];
    for (const [at, otherLetter] of Array.from(other).entries()) {
      const kept = (row[at] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(kept, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
