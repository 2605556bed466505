import { uuidv7 } from 'uuidv7';
import { wallInstant } from '../db/business-clock.ts';
import type { CaseSituation } from '../db/cases/case-situation.ts';
import type { Db } from '../db/connection.ts';
import type { BooksOfClaim } from '../db/messages/books-of-claim.ts';
import { markClaimed, type CustomerRow, type MessageKey, type MessageRow } from '../db/messages/message-records.ts';
import type { Write } from '../db/write-together.ts';
import { RenewalError } from '../renewal/errors.ts';
import type { Explained } from '../renewal/explanation.ts';
import type { SmsProviders } from '../renewal/settings.ts';
import type { Channel } from '../renewal/stage-plan.ts';
import { addressOn } from './address.ts';
import { layoutVersion } from './lay-out.ts';
import { writeText } from './message-text.ts';
import { candidates, orderFor, templateCodeFor, type ProvidersToAsk } from './provider-choice.ts';
import type { RenderedText } from './render.ts';
import { mayArriveUntil, type SendingMoment } from './restraint.ts';

/** A message that its winner, and nobody else, sends in one attempt. */
export type ClaimedMessage = MessageKey & {
  messageId: string;
  attemptId: string;
  /** Through whom, who else may take it, and who refused it in the same errand. */
  provider: string | null;
  others: readonly string[];
  refusedJustNow: readonly string[];
  /** Under which code the provider has approved the template. */
  templateCode: string | null;
  customerId: string;
  template: string;
  language: string;
  address: string;
  text: RenderedText;
  /** Wall seconds from the claim until the sending window closes. */
  validForSeconds: number;
  /** Wall ms since the rules were asked. */
  ageMs: () => number;
};

/** A planned message that nothing speaks against, and through whom it may go. */
export type Candidate = {
  situation: CaseSituation;
  message: MessageRow;
  customer: CustomerRow;
  moment: SendingMoment;
  books: BooksOfClaim;
  way: { providers: ProvidersToAsk | undefined; setting: SmsProviders };
  /** What else is written when it is won. */
  besides: readonly Write[];
  ageMs: () => number;
};

/**
 * Writes a message and makes its attempt the only one that sends it. Throws `sending-misconfigured` when it cannot be
 * written, or when nobody is set up to take it.
 */
export async function winMessage(
  tx: Db,
  { situation, message, customer, moment, books, way, ageMs, besides }: Candidate,
  sentBecause: Explained,
): Promise<ClaimedMessage> {
  const { clock } = situation;
  const channel = message.channel as Channel;
  const address = addressOn(channel, customer) ?? '';
  const { provider, others } = chooseProvider(way, { ...message, address });
  const occasion = { situation, message, customer, today: moment.calendar.dayOf(clock.now) };
  const text = await writeText(tx, occasion, books);
  const attemptId = uuidv7();
  const snapshot = { attemptId, provider, address, ...snapshotOf(text), sentBecause };
  await markClaimed(tx, message, { ...snapshot, at: clock.now, besides });
  const closesAt = mayArriveUntil({ touch: message.touch, expiresOn: situation.renewal.expiresOn }, moment);
  return {
    messageId: message.id,
    attemptId,
    provider,
    others,
    refusedJustNow: way.providers?.refusedJustNow ?? [],
    templateCode: codeFor(text, { provider, ...way, template: message.template }),
    renewalId: message.renewalId,
    touch: message.touch,
    channel,
    customerId: customer.id,
    template: message.template,
    language: customer.language,
    address,
    text,
    validForSeconds: (wallInstant(clock, closesAt) - wallInstant(clock, clock.now)) / 1_000,
    ageMs,
  };
}

/** Enough to show again exactly what was sent: the text itself, and what the page of an e-mail was made of. */
function snapshotOf({ subject, body, segments, templateVersion, language, params }: RenderedText) {
  return { subject, body, segments, templateVersion, rendering: { layout: layoutVersion, language, params } };
}

type Chosen = { provider: string | null; setting: SmsProviders; template: string };

/** A version's own code; the setting's are those of the shipped texts, and would send another text than this one. */
function codeFor(text: RenderedText, { provider, setting, template }: Chosen): string | null {
  const own = provider === null ? undefined : text.providerTemplates[provider];
  if (own !== undefined || text.templateVersion > 0) return own ?? null;
  return templateCodeFor(setting, { provider, template, language: text.language });
}

function chooseProvider(
  { providers, setting }: Candidate['way'],
  { channel, address, refusedBy }: MessageRow & { address: string },
): { provider: string | null; others: string[] } {
  if (!providers) return { provider: null, others: [] };
  const order = channel === 'sms' ? orderFor(address, setting) : providers.configured;
  const able = candidates(order, providers, refusedBy);
  const provider = able.find((name) => !providers.refusedJustNow.includes(name));
  if (provider === undefined)
    throw new RenewalError('sending-misconfigured', 'No provider is set up for this message.');
  return { provider, others: able.filter((name) => name !== provider) };
}
