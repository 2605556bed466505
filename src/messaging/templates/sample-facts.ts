import type { TextFacts } from '../render.ts';
import type { StaffItem } from './staff-facts.ts';
import type { StaffRequest } from './staff-variables.ts';
import type { TemplateLanguage } from './template.ts';

type CustomerSample = Omit<TextFacts, 'template' | 'channel' | 'language'>;

const usual: Record<TemplateLanguage, CustomerSample> = {
  'zh-CN': {
    today: '2027-03-16',
    expiresOn: '2027-03-31',
    name: '王芳',
    plate: '鲁AD63608',
    model: '五菱LZW6450',
    policyNumber: 'PDAA202637010000000001',
    covers: ['compulsory', 'commercial'],
    premium: '5418.68',
    newPolicyNumber: 'PDAA202737010000000001',
    newPremium: '5180.00',
    contact: '李四',
  },
  en: {
    today: '2027-03-16',
    expiresOn: '2027-03-31',
    name: 'Mary Smith',
    plate: '4821KBD',
    model: 'Toyota Corolla',
    policyNumber: '2026/0098/15321',
    covers: ['commercial'],
    premium: '541.20',
    newPolicyNumber: '2027/0098/15321',
    newPremium: '518.00',
    contact: 'John Taylor',
  },
};

/** Longer than most, and none of it made up: names of several words, no plate but a model, both covers. */
const longest: Record<TemplateLanguage, CustomerSample> = {
  'zh-CN': {
    ...usual['zh-CN'],
    expiresOn: '2027-12-31',
    name: '阿卜杜热合曼·吐尔逊尼亚孜',
    plate: null,
    model: '梅赛德斯-奔驰BJ6466GVX豪华型',
    contact: '济南市历下区第一营业部续保服务中心',
    premium: '128418.68',
    newPremium: '125180.00',
  },
  en: {
    ...usual.en,
    expiresOn: '2027-12-31',
    name: 'Bartholomew Montgomery-Featherstone',
    plate: null,
    model: 'Mercedes-Benz Sprinter 316',
    covers: ['compulsory', 'commercial'],
    policyNumber: 'PDAA202637010000000001',
    newPolicyNumber: 'PDAA202737010000000001',
    contact: 'Alexandra Papadopoulou',
    premium: '128418.68',
    newPremium: '125180.00',
  },
};

/** As wide as values can be, which nobody is called: what they do not stretch too far, nothing does. */
const widest: Partial<CustomerSample> = {
  name: '𠮷'.repeat(100),
  plate: null,
  model: '𠮷'.repeat(100),
  contact: '𠮷'.repeat(100),
};

/** The data that a text to customers is tried with before it is approved; the first stands for a usual customer. */
export function customerSamples(language: TemplateLanguage): readonly CustomerSample[] {
  const bare = { plate: null, model: null, newPolicyNumber: null, newPremium: null, contact: null };
  return [usual[language], longest[language], { ...usual[language], ...bare }, { ...longest[language], ...widest }];
}

const item: StaffItem = {
  policyNumber: 'PDAA202637010000000001',
  customer: '王芳',
  plate: '鲁AD63608',
  model: null,
  expiresOn: '2027-03-31',
  dueOn: '2027-03-18',
  why: 'call-back',
  link: 'https://xubao.example/cases/1',
};
const other: StaffItem = { ...item, plate: null, model: '五菱LZW6450', dueOn: null, why: 'expires-soon' };

const greeting = { today: '2027-03-16', link: 'https://xubao.example/tasks' };

/** The data that a text to staff is tried with before it is approved, with and without lines in its lists. */
export function staffSamples(template: StaffRequest['template'], language: TemplateLanguage): readonly StaffRequest[] {
  const recipient = language === 'en' ? 'John Taylor' : '李四';
  const unit = language === 'en' ? 'North branch' : '济南分公司';
  const common = { ...greeting, recipient };
  switch (template) {
    case 'morning-digest':
      return [[item, other], []].map((items) => ({
        template,
        language,
        facts: { ...common, items, due: items.length, overdue: items.length },
      }));
    case 'key-tracking-list':
      return [[item, other], []].map((items) => ({
        template,
        language,
        facts: { ...common, unit, items, count: items.length },
      }));
    case 'half-month-list':
      return [[item, other], []].map((differences) => ({
        template,
        language,
        facts: {
          ...common,
          unit,
          from: '2027-03-16',
          to: '2027-05-15',
          count: 85,
          differences,
          changed: differences.length,
        },
      }));
    case 'escalation':
      return [item, other].map((one) => ({
        template,
        language,
        facts: { ...common, item: one, stage: 'follow-up', owner: recipient },
      }));
    case 'hand-over':
      return [{ template, language, facts: { ...common, formerOwner: recipient, count: 23, dueOn: '2027-03-18' } }];
  }
}
