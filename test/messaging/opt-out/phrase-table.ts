/** What customers might answer, one phrase a line, under what it means. */
export type PhraseTable = Record<'en' | 'zh', Record<string, string>>;
