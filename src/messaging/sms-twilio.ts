import twilio from 'twilio';
import type { Config } from '../config/config.ts';
import { publicAddress } from '../config/public-url.ts';
import { failureCode } from './failure-code.ts';
import { answerOfFailure, type ProviderAnswer, type SmsMessage, type SmsPort } from './provider-answer.ts';
import { twilioBooks } from './twilio-list.ts';

export type TwilioSettings = Config['sms'] & { authToken: string };

const timeoutMs = 15_000;
/**
 * What Twilio takes for ValidityPeriod, in seconds. With less than one left a message is handed over all the same, and may
 * go by that part of a second after its window has closed.
 */
const shortestValidity = 1;
const longestValidity = 36_000;

/** Twilio’s client as we use it, which tries once. @internal */
export function connectTwilio({ accountSid, authToken, baseUrl }: TwilioSettings): twilio.Twilio {
  const client = twilio(accountSid, authToken, {
    autoRetry: false,
    timeout: timeoutMs,
    // A kept connection that the provider has just closed would look like a reset: an unknown made by ourselves.
    keepAlive: false,
    logLevel: 'error',
  });
  if (baseUrl !== undefined) client.api.baseUrl = baseUrl;
  return client;
}

/** Sends through Twilio's Messages API in one attempt: no retries of the SDK, no connection used twice. */
export function twilioSms(settings: TwilioSettings): SmsPort {
  const client = connectTwilio(settings);
  return {
    ...twilioBooks(client, settings.from),
    name: 'twilio',
    send: async (message) => {
      try {
        const created = await client.messages.create({
          to: message.to,
          from: settings.from,
          body: message.renderedText,
          validityPeriod: Math.min(Math.max(message.validForSeconds, shortestValidity), longestValidity),
          ...callback(settings, message),
        });
        return { kind: 'http-answer', status: 201, ...(created.sid ? { id: created.sid } : {}) };
      } catch (error) {
        return answerOf(error);
      }
    },
  };
}

function callback({ callbackUrl }: TwilioSettings, { attemptId }: SmsMessage): { statusCallback?: string } {
  if (callbackUrl === undefined) return {};
  return { statusCallback: publicAddress(callbackUrl, `/v1/webhooks/twilio/status/${attemptId}`) };
}

/** The SDK throws what the provider answered (with a status) and what kept it from answering (with a system code). */
function answerOf(error: unknown): ProviderAnswer {
  const { status, code } = error as { status?: unknown; code?: unknown };
  if (typeof status !== 'number') return answerOfFailure(failureCode(error));
  return { kind: 'http-answer', status, ...(typeof code === 'number' ? { code } : {}) };
}
