import type { CaseSituation } from '../db/cases/case-situation.ts';
import type { Db } from '../db/connection.ts';
import { readContact, readNewPremium } from '../db/messages/message-facts.ts';
import { otherCasesOf, type CustomerRow, type MessageRow, type OtherCase } from '../db/messages/message-records.ts';
import type { Day } from '../renewal/calendar.ts';
import { confirmationTouch, type Channel } from '../renewal/stage-plan.ts';
import { addressOn } from './address.ts';
import { sharesTouch } from './companion.ts';
import { renderText, type RenderedText, type TextFacts } from './render.ts';
import type { TemplateVersion } from './templates/template.ts';

type Occasion = {
  situation: CaseSituation;
  /** Of which text and touch, by which channel. */
  message: Pick<MessageRow, 'renewalId' | 'customerId' | 'touch' | 'channel' | 'template'>;
  customer: CustomerRow;
  today: Day;
};

/** What a text needs to know of the world around its case. */
type Around = {
  /** The other open cases of whoever has the address. */
  others: readonly OtherCase[];
  /** Who signs, if their name is known. */
  contact: string | null;
};

/**
 * Writes a message from what is true on the day of sending: the owner now, the days left now, and the covers of the
 * companion policies that share it, in the version of its template that is in force. Throws `sending-misconfigured` when the template cannot be rendered.
 */
export async function writeText(
  tx: Db,
  occasion: Occasion,
  { others, contact, text }: Around & { text: TemplateVersion | undefined },
): Promise<RenderedText> {
  return renderText(await textFacts(tx, occasion, { others, contact }), text);
}

/** What a text about a case may name on a day, as a message of it would. */
export async function readTextFacts(tx: Db, occasion: Occasion): Promise<TextFacts> {
  const { message, customer } = occasion;
  const others = await otherCasesOf(tx, message, addressOn(message.channel as Channel, customer));
  return textFacts(tx, occasion, { others, contact: await readContact(tx, occasion.situation) });
}

async function textFacts(
  tx: Db,
  { situation, message, customer, today }: Occasion,
  { others, contact }: Around,
): Promise<TextFacts> {
  const { renewal, policy } = situation;
  const isConfirmation = message.touch === confirmationTouch;
  const sharers = isConfirmation ? [] : others.filter((other) => sharesTouch(other, message.touch, situation));
  return {
    template: message.template,
    channel: message.channel as Channel,
    language: customer.language,
    today,
    expiresOn: [renewal, ...sharers].map((one) => one.expiresOn).toSorted()[0] ?? renewal.expiresOn,
    name: customer.name,
    plate: policy.plate,
    model: policy.model,
    policyNumber: policy.policyNumber,
    covers: [policy, ...sharers].map((one) => one.coverType),
    premium: policy.premium,
    newPolicyNumber: renewal.newPolicyNumber,
    newPremium: isConfirmation ? await readNewPremium(tx, situation) : null,
    contact,
  };
}
