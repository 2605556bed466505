/** What was seen of one attempt, without any judgement: codes and ids only, no address and no text. */
export type ProviderAnswer =
  | { kind: 'http-answer'; status: number; id?: string; code?: number }
  | { kind: 'aliyun-answer'; status: number; code: string; id?: string }
  /** `status` is the enhanced one (RFC 3463), or `recipient` for a mailbox that was refused without one. */
  | { kind: 'smtp-reply'; reply: number; status?: string; id?: string }
  | { kind: 'not-connected'; code: string }
  | { kind: 'not-tried'; code: string; misconfigured: boolean }
  | { kind: 'no-answer'; code: string };

/** What an SMS provider is handed; one that forbids free text takes the template's key and parameters instead. */
export type SmsMessage = {
  attemptId: string;
  /** E.164. */
  to: string;
  templateKey: string;
  /** The approved version of the template that the text was made from; none for one that has no versions. */
  templateVersion?: number;
  /** Under which code the provider has approved the template; null where nobody entered one. */
  templateCode: string | null;
  language: string;
  params: Readonly<Record<string, string>>;
  renderedText: string;
  /** Wall seconds until the sending window closes; a provider that has not sent it by then must drop it. */
  validForSeconds: number;
};

export type EmailMessage = {
  /** Names the planned message, the same in every attempt; the Message-ID is made from it. */
  messageId: string;
  /** Whose way out of reminders the mail carries; service notices and mails to staff have none. */
  customerId?: string;
  to: string;
  language: string;
  subject: string;
  text: string;
  /** The content of the page, everything in it escaped; without it the text stands there. */
  html?: string;
  /** Wall seconds until the sending window closes; what has not been handed over by then must not be. */
  validForSeconds: number;
};

/** What is known of an attempt that a provider is asked about later. */
export type PastAttempt = {
  attemptId: string;
  /** E.164. */
  to: string;
  text: string;
  /** Wall instant at which the attempt began. */
  triedAt: number;
};

/** How far a provider says that a message is, in an order of ranks; the last two are its end. */
export type DeliveryState = 'queued' | 'sending' | 'sent' | 'delivered' | 'undelivered';

/** `status` and `errorCode` are the provider's own words, in codes. */
export type Delivery = { providerId: string; state: DeliveryState; status: string; errorCode?: string };

/** What a provider's list says of an attempt; `not-found` is proof only when asked later than the list lags behind. */
export type LookedUp =
  { kind: 'found'; delivery: Delivery } | { kind: 'not-found' } | { kind: 'cannot-tell'; code: string };

/** One attempt each; an adapter answers what it saw and never tries again by itself. */
export type SmsPort = {
  /** As the setting `sms-providers` and the books name it. */
  name: string;
  send: (message: SmsMessage) => Promise<ProviderAnswer>;
  /** Asks the provider's list whether an attempt of which nobody heard reached it. */
  lookUp?: (attempt: PastAttempt) => Promise<LookedUp>;
  /** Asks how far a message is that the provider took and never reported on. */
  fetch?: (attempt: PastAttempt & { providerId: string }) => Promise<LookedUp>;
};
export type EmailPort = { name: string; send: (message: EmailMessage) => Promise<ProviderAnswer> };

const nameLookupFailed = ['ENOTFOUND', 'EAI_AGAIN', 'EDNS'];

/** What a failure before or instead of an answer proves: only a failed lookup or a refused connection sent no byte. */
export function answerOfFailure(code: string): ProviderAnswer {
  const nothingLeft = code === 'ECONNREFUSED' || nameLookupFailed.includes(code);
  return { kind: nothingLeft ? 'not-connected' : 'no-answer', code };
}
