import { RenewalError } from '../renewal/errors.ts';
import { daysBetween, type Day } from '../renewal/calendar.ts';
import type { Channel } from '../renewal/stage-plan.ts';
import { fillIn, fillInHtml, type Variables } from './liquid.ts';
import { htmlSource, textSource } from './markup.ts';
import { maskPlate, oneLine } from './one-line.ts';
import { measureSms, mostSegments } from './segments.ts';
import { shippedText } from './templates/shipped.ts';
import { writtenLanguage, type Template, type TemplateLanguage, type TemplateVersion } from './templates/template.ts';
import { wordingOf } from './templates/wording.ts';

/** What a text may name. Days are business days; premiums are decimal strings; empty strings are left out of the text. */
export type TextFacts = {
  template: string;
  channel: Channel;
  language: string;
  /** The day of sending: what is left until the expiry is counted from it. */
  today: Day;
  expiresOn: Day;
  name: string;
  plate: string | null;
  model: string | null;
  policyNumber: string;
  /** Cover types, also those of companion policies that share the message. */
  covers: readonly string[];
  premium: string;
  newPolicyNumber: string | null;
  newPremium: string | null;
  /** The owner now, or the branch when nobody owns the case; null where the books have no name but only a number. */
  contact: string | null;
};

/** A message as it is sent. `html` is the content that `layOut` puts into its page; SMS have none, e-mails no segments. */
export type RenderedText = {
  subject: string;
  body: string;
  html: string | null;
  params: Record<string, string>;
  language: TemplateLanguage;
  templateVersion: number;
  /** Under which code a provider has approved this version, by its name. */
  providerTemplates: Readonly<Record<string, string>>;
  segments: number | null;
};

const longestValue = 60;
/** The shorter ones where a hostile value would stretch an SMS over its parts. */
const longestValues: readonly number[] = [longestValue, 24, 12, 4];
const longestNumber = 40;

/**
 * Renders a message in the customer's language (English for one we do not write), by the shipped text unless another
 * version is given. Throws `sending-misconfigured` for a template that is missing or broken; a customer's values reach
 * neither its syntax nor the message of the error.
 */
export function renderText(facts: TextFacts, version?: TemplateVersion): RenderedText {
  const language = writtenLanguage(facts.language);
  const chosen = version ?? shippedText(facts.template, language);
  if (!chosen) throw new RenewalError('sending-misconfigured', `No message template is called ${facts.template}.`);
  const { content } = chosen;
  const common = { language, templateVersion: chosen.version, providerTemplates: content.providerTemplates ?? {} };
  try {
    const written = facts.channel === 'sms' ? writeSms(content, facts) : writeEmail(content, paramsOf(facts));
    return { ...written, ...common };
  } catch {
    throw new RenewalError('sending-misconfigured', `The message template ${facts.template} cannot be rendered.`);
  }
}

type Written = Pick<RenderedText, 'subject' | 'body' | 'html' | 'params' | 'segments'>;

function writeSms(template: Template, facts: TextFacts, [longest, ...shorter] = longestValues): Written {
  const params = paramsOf(facts, longest);
  const body = fillInLine(template.sms, params);
  const { segments } = measureSms(body);
  if (segments > mostSegments && shorter.length > 0) return writeSms(template, facts, shorter);
  return { subject: fillInLine(template.subject, params), body, html: null, params, segments };
}

/** Both forms of an e-mail: its subject, its plain text and the content of its page. */
export function writeEmail<Named extends Variables>(
  { subject, email }: Template,
  params: Named,
): { subject: string; body: string; html: string; params: Named; segments: null } {
  return {
    subject: fillInLine(subject, params),
    body: fillIn(textSource(email), params)
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim(),
    html: fillInHtml(htmlSource(email), params),
    params,
    segments: null,
  };
}

/** A text of one line: a subject or an SMS. */
export function fillInLine(source: string, variables: Variables): string {
  return fillIn(source, variables).replaceAll(/\s+/g, ' ').trim();
}

/** The variables that texts to customers may name. */
export function paramsOf(facts: TextFacts, longest = longestValue): Record<string, string> {
  const wording = wordingOf(writtenLanguage(facts.language));
  return {
    name: oneLine(facts.name, longest),
    vehicle: facts.plate ? maskPlate(oneLine(facts.plate, longest)) : oneLine(facts.model ?? '', longest),
    policyNumber: oneLine(facts.policyNumber, longestNumber),
    expiresOn: wording.writeDay(facts.expiresOn),
    remaining: wording.remaining(Math.max(0, daysBetween(facts.today, facts.expiresOn))),
    covers: wording.nameCovers([...new Set(facts.covers)]),
    premium: facts.premium,
    newPolicyNumber: oneLine(facts.newPolicyNumber ?? '', longestNumber),
    newPremium: facts.newPremium ?? '',
    contact: oneLine(facts.contact ?? wording.unnamedContact, longest),
  };
}
