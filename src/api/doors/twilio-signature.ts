import type { Request } from 'express';
import twilio from 'twilio';
import { publicAddress } from '../../config/public-url.ts';
import type { Form } from './form.ts';
import { forbidden } from './problem.ts';

/** Where Twilio was told to call us, and what it signs its calls with. */
export type TwilioDoor = { publicUrl: string; authToken: string };

/**
 * Lets through what Twilio signed for the address that it was given; throws a 403 for anything else. The host and the
 * protocol of the request prove nothing: they are a proxy's, or a stranger's.
 */
export function requireTwilioSignature({ publicUrl, authToken }: TwilioDoor, request: Request, form: Form): void {
  const signature = request.get('x-twilio-signature') ?? '';
  const address = publicAddress(publicUrl, request.originalUrl);
  if (!isSigned(authToken, signature, { address, form })) {
    throw forbidden('X-Twilio-Signature does not fit this address and form.');
  }
}

/** Compares in constant time. An address that is none is nothing that anybody signed. */
function isSigned(authToken: string, signature: string, { address, form }: { address: string; form: Form }): boolean {
  return URL.canParse(address) && twilio.validateRequest(authToken, signature, address, form);
}
