import { development } from './development-phrases.ts';
import { heldOut } from './held-out-phrases.ts';

/** What customers might answer, one phrase a line, under what it means. */
export type PhraseTable = Record<'en' | 'zh', Record<string, string>>;
export type LabelledPhrase = { half: string; language: string; meaning: string; phrase: string };

/**
 * Both halves were written before the first line of the classifier. It was tuned on the development half alone; the other
 * one is never looked at for a rule, and is all there is to say how it does on what it has not seen. Both have one author,
 * so real customers will be further from either than the halves are from each other.
 */
export const labelledPhrases: LabelledPhrase[] = Object.entries({ development, heldOut }).flatMap(([half, table]) =>
  Object.entries(table).flatMap(([language, byMeaning]) =>
    Object.entries(byMeaning).flatMap(([meaning, lines]) =>
      lines
        .split('\n')
        .filter((line) => line !== '')
        .map((phrase) => ({ half, language, meaning, phrase })),
    ),
  ),
);
