import { eq } from 'drizzle-orm';
import { readSituation, type CaseSituation } from '../db/cases/case-situation.ts';
import type { Db } from '../db/connection.ts';
import { onlyRow } from '../db/only-row.ts';
import { customers } from '../db/schema/customers.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { confirmationTouch } from '../renewal/stage-plan.ts';
import { layOut } from './lay-out.ts';
import { readTextFacts } from './message-text.ts';
import { renderText, type TextFacts } from './render.ts';
import { measureSmartlyEncoded, measureSms, type SmsLength } from './segments.ts';
import { writeStaffMail } from './staff-mail.ts';
import { customerSamples, staffSamples } from './templates/sample-facts.ts';
import { staffVariables } from './templates/staff-variables.ts';
import {
  isStaffTemplate,
  type AnyTemplateKey,
  type TemplateKey,
  type TemplateLanguage,
  type TemplateVersion,
} from './templates/template.ts';

type Previewed = { language: TemplateLanguage; version: TemplateVersion; signature?: string | undefined };
type Facts = Omit<TextFacts, 'template' | 'channel' | 'language'>;

/** A text in both its forms, and how long its SMS is, as Twilio's smart encoding counts it too. */
export type TextPreview = {
  sms: SmsLength & { text: string; smartlyEncoded: SmsLength };
  email: { subject: string; text: string; html: string };
};

/** A text with the data of a usual customer, or of a usual list. Throws `sending-misconfigured` for a broken one. */
export function previewWithSample(key: AnyTemplateKey, previewed: Previewed): TextPreview {
  const { language, version, signature } = previewed;
  if (!isStaffTemplate(key)) {
    const [usual] = customerSamples(language);
    if (!usual) throw new Error('there is a usual customer');
    return previewOf(key, previewed, { real: usual, shown: usual });
  }
  const [usual] = staffSamples(key, language);
  if (!usual) throw new Error('there is a usual list');
  const { subject, text, html, sms } = writeStaffMail(version, staffVariables(usual));
  return {
    sms: smsOf({ real: sms, shown: sms }, signature),
    email: { subject, ...layOut({ language, subject, text, html }) },
  };
}

/**
 * A text as it would be written for a case today; the customer's name is masked in what is shown, and counted whole. Throws
 * `renewal-unknown` and `sending-misconfigured`.
 */
export async function previewForCase(
  db: Db,
  { key, renewalId, ...previewed }: Previewed & { key: TemplateKey; renewalId: string },
  calendar: Calendar,
): Promise<TextPreview> {
  const real = await db.transaction((tx) => readFactsOf(tx, { key, renewalId, calendar }));
  const shown = { ...real, name: `${Array.from(real.name).slice(0, 1).join('')}**` };
  return previewOf(key, previewed, { real, shown });
}

async function readFactsOf(
  tx: Db,
  { key, renewalId, calendar }: { key: TemplateKey; renewalId: string; calendar: Calendar },
): Promise<Facts> {
  const situation = await readSituation(tx, renewalId, calendar);
  const { customerId } = situation.policy;
  const customer = onlyRow(await tx.select().from(customers).where(eq(customers.id, customerId)));
  const message = { renewalId, customerId, touch: touchOf(key, situation), channel: 'sms', template: key };
  return readTextFacts(tx, { situation, message, customer, today: calendar.dayOf(situation.clock.now) });
}

/** The touch of the case's plan that uses the text, by which companion policies know each other. */
function touchOf(key: TemplateKey, { stagePlan }: CaseSituation): string {
  if (key === 'renewal-confirmation') return confirmationTouch;
  const touches = stagePlan.stages.flatMap((stage) => stage.touches);
  return touches.find(({ template }) => template === key)?.key ?? key;
}

function previewOf(
  key: TemplateKey,
  { language, version, signature }: Previewed,
  { real, shown }: { real: Facts; shown: Facts },
): TextPreview {
  const render = (facts: Facts, channel: 'sms' | 'email') =>
    renderText({ ...facts, template: key, channel, language }, version);
  const email = render(shown, 'email');
  const { subject, body: text, html } = email;
  const content = { language, subject, text, ...(html === null ? {} : { html }) };
  const sms = { real: render(real, 'sms').body, shown: render(shown, 'sms').body };
  return { sms: smsOf(sms, signature), email: { subject, ...layOut(content) } };
}

/** Providers of mainland China put the sender's signature in front, and count it. */
function smsOf({ real, shown }: { real: string; shown: string }, signature: string | undefined): TextPreview['sms'] {
  const sign = (text: string): string => (signature === undefined ? text : `【${signature}】${text}`);
  return { text: sign(shown), ...measureSms(sign(real)), smartlyEncoded: measureSmartlyEncoded(sign(real)) };
}
