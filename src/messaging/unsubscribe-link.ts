import { createHmac, timingSafeEqual } from 'node:crypto';
import { publicAddress } from '../config/public-url.ts';

export type UnsubscribeSettings = { publicUrl: string; secret: string };

/**
 * The one-click link out of a customer's e-mails: `/u/<customer>.<signature>`, both base64url, HMAC-SHA256 over the
 * customer's id and the channel. It never expires.
 */
export function unsubscribeLink({ publicUrl, secret }: UnsubscribeSettings, customerId: string): string {
  const customer = Buffer.from(customerId).toString('base64url');
  return publicAddress(publicUrl, `/u/${customer}.${signatureOf(secret, customerId).toString('base64url')}`);
}

const tokenForm = /^([\w-]{1,200})\.([\w-]{43})$/;
const customerForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whose link a token is; undefined for one that was not signed with this secret. Compares in constant time. */
export function readUnsubscribeToken(secret: string, token: string): string | undefined {
  const [, customer, signature] = tokenForm.exec(token) ?? [];
  if (customer === undefined || signature === undefined) return undefined;
  const customerId = Buffer.from(customer, 'base64url').toString();
  const isSigned = timingSafeEqual(signatureOf(secret, customerId), Buffer.from(signature, 'base64url'));
  return isSigned && customerForm.test(customerId) ? customerId : undefined;
}

function signatureOf(secret: string, customerId: string): Buffer {
  return createHmac('sha256', secret).update(`unsubscribe/email/${customerId}`).digest();
}
