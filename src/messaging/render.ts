import { Liquid } from 'liquidjs';
import { RenewalError } from '../renewal/errors.ts';
import { daysBetween, type Day } from '../renewal/calendar.ts';
import type { Channel } from '../renewal/stage-plan.ts';
import { english } from './templates/en.ts';
import { templateKeys, type Template, type TemplateKey, type Wording } from './templates/template.ts';
import { simplifiedChinese } from './templates/zh-cn.ts';

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
  /** The owner now, or the branch when nobody owns the case. */
  contact: string;
};

export type RenderedText = { subject: string; body: string; params: Record<string, string> };

const longestValue = 60;
const engine = new Liquid({
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  jsTruthy: true,
  parseLimit: 100_000,
  renderLimit: 1_000,
  memoryLimit: 1_000_000,
});

/**
 * Renders a message in the customer's language (English for one we do not write). Throws `sending-misconfigured` for a
 * template that is missing or broken; a customer's values reach neither its syntax nor the message of the error.
 */
export function renderText(facts: TextFacts): RenderedText {
  const wording = facts.language.startsWith('zh') ? simplifiedChinese : english;
  const template = findTemplate(wording, facts.template);
  const params = paramsOf(facts, wording);
  try {
    const render = (source: string): string => String(engine.parseAndRenderSync(source, params)).trim();
    return { subject: render(template.subject), body: render(template[facts.channel]), params };
  } catch {
    throw new RenewalError('sending-misconfigured', `The message template ${facts.template} cannot be rendered.`);
  }
}

function findTemplate(wording: Wording, key: string): Template {
  if (!isTemplateKey(key)) throw new RenewalError('sending-misconfigured', `No message template is called ${key}.`);
  return wording.templates[key];
}

function isTemplateKey(key: string): key is TemplateKey {
  return (templateKeys as readonly string[]).includes(key);
}

function paramsOf(facts: TextFacts, wording: Wording): Record<string, string> {
  return {
    name: oneLine(facts.name),
    vehicle: facts.plate ? maskPlate(facts.plate) : oneLine(facts.model ?? ''),
    policyNumber: oneLine(facts.policyNumber),
    expiresOn: facts.expiresOn,
    remaining: wording.remaining(Math.max(0, daysBetween(facts.today, facts.expiresOn))),
    covers: wording.nameCovers([...new Set(facts.covers)]),
    premium: facts.premium,
    newPolicyNumber: oneLine(facts.newPolicyNumber ?? ''),
    newPremium: facts.newPremium ?? '',
    contact: oneLine(facts.contact),
  };
}

/** Enough for the owner to know the vehicle, too little for others. */
function maskPlate(plate: string): string {
  return `${plate.slice(0, 2)}***${plate.slice(-2)}`;
}

/** Names come from lists: one printable line of a bounded length, so that none can forge a second message. */
function oneLine(value: string): string {
  const printable = value
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return Array.from(printable).slice(0, longestValue).join('');
}
