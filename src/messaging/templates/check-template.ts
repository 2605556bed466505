import type { Variables } from '../liquid.ts';
import { checkMarkup } from '../markup.ts';
import { fillInLine, paramsOf, renderText, writeEmail } from '../render.ts';
import { beyondGsm, measureSms, measureSmartlyEncoded, mostSegments } from '../segments.ts';
import { customerSamples, staffSamples } from './sample-facts.ts';
import { staffVariables } from './staff-variables.ts';
import { isStaffTemplate, type AnyTemplateKey, type Template, type TemplateLanguage } from './template.ts';
import { findVariableProblems } from './variable-problems.ts';

/** Where in the content, with line and column where the source is at fault. */
export type TemplateFinding = { path: string; message: string };

type Text = { key: AnyTemplateKey; language: TemplateLanguage; content: Template };

const parts = ['sms', 'subject', 'email'] as const;
type Part = (typeof parts)[number];

/** What keeps a text from being approved: it could break, say something unknown, or grow beyond what an SMS may have. */
export function findTemplateProblems(text: Text): TemplateFinding[] {
  const { key, language, content } = text;
  const [sample] = sampleVariables(key, language);
  const broken = parts.flatMap((part) => [
    ...(part === 'email' ? markupProblems(content.email) : lineProblems(part, content[part])),
    ...findVariableProblems(content[part], sample ?? {}).map((message) => ({ path: part, message })),
  ]);
  if (broken.length > 0) return broken;
  const unwritable = parts.flatMap((part) => unwritableProblems(text, part));
  return unwritable.length > 0 ? unwritable : lengthProblems(text);
}

/** The variables that a text may name, as the usual sample fills them in. */
export function variablesFor(key: AnyTemplateKey, language: TemplateLanguage): Variables {
  return sampleVariables(key, language)[0] ?? {};
}

function sampleVariables(key: AnyTemplateKey, language: TemplateLanguage): Variables[] {
  if (isStaffTemplate(key)) return staffSamples(key, language).map(staffVariables);
  return customerSamples(language).map((sample) => paramsOf({ ...sample, template: key, channel: 'sms', language }));
}

function markupProblems(source: string): TemplateFinding[] {
  return checkMarkup(source).map(({ line, message }) => ({ path: 'email', message: `line ${line}: ${message}` }));
}

function lineProblems(path: Part, source: string): TemplateFinding[] {
  return /[\r\n\u2028\u2029]/.test(source) ? [{ path, message: 'Is one line' }] : [];
}

function unwritableProblems({ key, language, content }: Text, part: Part): TemplateFinding[] {
  const found = sampleVariables(key, language).flatMap((variables) => {
    try {
      const written = part === 'email' ? writeEmail(content, variables).body : fillInLine(content[part], variables);
      return written === '' ? ['Is empty with some data'] : [];
    } catch (error) {
      return [error instanceof Error ? error.message : 'Cannot be written'];
    }
  });
  return [...new Set(found)].map((message) => ({ path: part, message }));
}

function lengthProblems({ key, language, content }: Text): TemplateFinding[] {
  const lengths = smsOf({ key, language, content }).map((sms) => measureSms(sms));
  const worst = lengths.toSorted((one, next) => next.segments - one.segments)[0];
  if (!worst || worst.segments <= mostSegments) return [];
  const message = `Takes ${worst.segments} parts (${worst.units} units in ${worst.encoding}) with long values; at most ${mostSegments}`;
  return [{ path: 'sms', message }];
}

function smsOf({ key, language, content }: Text): string[] {
  if (isStaffTemplate(key))
    return sampleVariables(key, language).map((variables) => fillInLine(content.sms, variables));
  return customerSamples(language).map((sample) => {
    const facts = { ...sample, template: key, channel: 'sms', language } as const;
    return renderText(facts, { version: 0, content }).body;
  });
}

/** What whoever approves a text has to know. Only for one without problems. */
export function findTemplateWarnings(text: Text): TemplateFinding[] {
  const { key, content } = text;
  const [usual = ''] = smsOf(text);
  const long = measureSms(usual);
  const warning = (path: string, message: string): TemplateFinding => ({ path, message });
  return [
    ...(isStaffTemplate(key) ? [] : missingNames(text)),
    ...(long.segments > 2 ? [warning('sms', `Takes ${long.segments} parts for a usual customer`)] : []),
    ...encodingWarnings(text, usual),
    ...(/https?:\/\//.test(content.sms) ? [warning('sms', 'Has an address; many providers hold such SMS back')] : []),
  ];
}

function missingNames({ key, content }: Text): TemplateFinding[] {
  const isReminder = key !== 'renewal-confirmation';
  const names = isReminder ? ['expiresOn', 'remaining', 'contact'] : ['covers', 'contact'];
  return (['sms', 'email'] as const).flatMap((path) =>
    names
      .filter((name) => !new RegExp(`\\b${name}\\b`).test(content[path]))
      .map((name) => ({ path, message: `Does not name ${name}` })),
  );
}

function encodingWarnings({ language, content }: Text, usual: string): TemplateFinding[] {
  const foreign = beyondGsm(content.sms);
  if (language !== 'en' || foreign.length === 0) return [];
  const [plain, smart] = [measureSms(usual), measureSmartlyEncoded(usual)];
  const smartly = smart.segments < plain.segments ? `; ${smart.segments} where Twilio's smart encoding is on` : '';
  const message = `${foreign.join(' ')} makes it UCS-2: ${plain.segments} parts for a usual customer${smartly}`;
  return [{ path: 'sms', message }];
}
