import { englishTexts } from './en.ts';
import { englishStaffTexts } from './staff-en.ts';
import type { StaffWording } from './staff-wording.ts';
import { chineseStaffTexts } from './staff-zh-cn.ts';
import {
  isStaffTemplate,
  isTouchTemplate,
  type Template,
  type TemplateKey,
  type TemplateLanguage,
  type TemplateVersion,
} from './template.ts';
import { chineseTexts } from './zh-cn.ts';

const texts: Record<TemplateLanguage, Record<TemplateKey, Template>> = { 'zh-CN': chineseTexts, en: englishTexts };
const staffTexts: Record<TemplateLanguage, StaffWording> = { 'zh-CN': chineseStaffTexts, en: englishStaffTexts };

/** The text that ships, in force until another one is approved; nothing for a key that no template has. */
export function shippedText(key: string, language: TemplateLanguage): TemplateVersion | undefined {
  const content = isStaffTemplate(key)
    ? staffTexts[language].templates[key]
    : isTouchTemplate(key)
      ? texts[language][key]
      : undefined;
  return content && { version: 0, content };
}

export function staffWordingOf(language: TemplateLanguage): StaffWording {
  return staffTexts[language];
}
