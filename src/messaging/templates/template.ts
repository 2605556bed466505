import type { TemplateContent } from '../../db/schema/templates.ts';
import { staffTemplateKeys, type StaffTemplateKey } from './staff-facts.ts';

/** @public Tests go over all of them. */
export const templateKeys = [
  'expiry-notice',
  'offer-open',
  'expiry-near',
  'last-week',
  'last-days',
  'expiry-day',
  'renewal-confirmation',
] as const;
export type TemplateKey = (typeof templateKeys)[number];

/** The templates that a stage plan's touches may use; the confirmation tells of a renewal, which no plan knows. */
export const touchTemplateKeys: readonly TemplateKey[] = templateKeys.filter((key) => key !== 'renewal-confirmation');

export const everyTemplateKey = [...templateKeys, ...staffTemplateKeys] as const;
export type AnyTemplateKey = TemplateKey | StaffTemplateKey;

export const templateLanguages = ['zh-CN', 'en'] as const;
export type TemplateLanguage = (typeof templateLanguages)[number];

/** Liquid sources of one message. */
export type Template = TemplateContent;

/** A template in one of its versions; 0 is the text that ships. */
export type TemplateVersion = { version: number; content: Template };

/** The language that somebody is written to in: English for one we do not write. */
export function writtenLanguage(language: string): TemplateLanguage {
  return language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export function isStaffTemplate(key: string): key is StaffTemplateKey {
  return (staffTemplateKeys as readonly string[]).includes(key);
}

export function isTouchTemplate(key: string): key is TemplateKey {
  return (templateKeys as readonly string[]).includes(key);
}
