import type { Day } from '../../renewal/calendar.ts';
import type { TemplateLanguage } from './template.ts';

/** The phrases of one language that variables are made of. */
export type Wording = {
  /** How far away the expiry is; 0 is the expiry day itself. */
  remaining: (days: number) => string;
  /** The insurance in one phrase, from cover types. */
  nameCovers: (covers: readonly string[]) => string;
  writeDay: (day: Day) => string;
  /** Whom to ask where no name is known. */
  unnamedContact: string;
};

const chineseCovers: Record<string, string> = { compulsory: '交强险', commercial: '商业险', motor: '车险' };
const englishCovers = ['compulsory', 'commercial'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const simplifiedChinese: Wording = {
  nameCovers: (covers) => [...new Set(covers.map((cover) => chineseCovers[cover] ?? '车险'))].join('、'),
  remaining: (days) => (days === 0 ? '今天' : `还有${days}天`),
  writeDay: (day) => {
    const { year, month, date } = partsOf(day);
    return `${year}年${month}月${date}日`;
  },
  unnamedContact: '续保专员',
};

const english: Wording = {
  nameCovers: (covers) =>
    [covers.filter((cover) => englishCovers.includes(cover)).join(' and '), 'motor insurance'].join(' ').trim(),
  remaining: (days) => (days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`),
  writeDay: (day) => {
    const { year, month, date } = partsOf(day);
    return `${date} ${months[month - 1] ?? ''} ${year}`;
  },
  unnamedContact: 'your renewal specialist',
};

const wordings: Record<TemplateLanguage, Wording> = { 'zh-CN': simplifiedChinese, en: english };

export function wordingOf(language: TemplateLanguage): Wording {
  return wordings[language];
}

function partsOf(day: Day): { year: number; month: number; date: number } {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return { year, month, date };
}
