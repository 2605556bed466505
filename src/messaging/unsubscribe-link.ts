import { createHmac } from 'node:crypto';

export type UnsubscribeSettings = { publicUrl: string; secret: string };

/**
 * The one-click link out of a customer's e-mails: `/u/<customer>.<signature>`, both base64url, HMAC-SHA256 over the
 * customer's id and the channel. It never expires.
 */
export function unsubscribeLink({ publicUrl, secret }: UnsubscribeSettings, customerId: string): string {
  const signature = createHmac('sha256', secret).update(`unsubscribe/email/${customerId}`).digest('base64url');
  return new URL(`/u/${Buffer.from(customerId).toString('base64url')}.${signature}`, publicUrl).href;
}
