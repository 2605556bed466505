/** What was seen of one attempt, without any judgement: codes and ids only, no address and no text. */
export type ProviderAnswer =
  | { kind: 'http-answer'; status: number; id?: string; code?: number }
  | { kind: 'smtp-reply'; reply: number; id?: string }
  | { kind: 'not-connected'; code: string }
  | { kind: 'no-answer'; code: string };

/** What an SMS provider is handed; one that forbids free text takes the template's key and parameters instead. */
export type SmsMessage = {
  attemptId: string;
  /** E.164. */
  to: string;
  templateKey: string;
  params: Readonly<Record<string, string>>;
  renderedText: string;
  /** Wall seconds until the sending window closes; a provider that has not sent it by then must drop it. */
  validForSeconds: number;
};

export type EmailMessage = {
  /** Names the planned message, the same in every attempt; the Message-ID is made from it. */
  messageId: string;
  customerId: string;
  to: string;
  language: string;
  subject: string;
  text: string;
};

/** One attempt each; an adapter answers what it saw and never tries again by itself. */
export type SmsPort = { send: (message: SmsMessage) => Promise<ProviderAnswer> };
export type EmailPort = { send: (message: EmailMessage) => Promise<ProviderAnswer> };

const nameLookupFailed = ['ENOTFOUND', 'EAI_AGAIN', 'EDNS'];

/** What a failure before or instead of an answer proves: only a failed lookup or a refused connection sent no byte. */
export function answerOfFailure(code: string): ProviderAnswer {
  const nothingLeft = code === 'ECONNREFUSED' || nameLookupFailed.includes(code);
  return { kind: nothingLeft ? 'not-connected' : 'no-answer', code };
}
