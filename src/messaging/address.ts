import { phoneLineOf } from '../db/customers/phone-line.ts';
import type { Channel } from '../renewal/stage-plan.ts';

const email = /^[^\s@,;:<>"()[\]\\]{1,64}@[^\s@,;:<>"()[\]\\]{1,255}$/;

type Reachable = { phone: string | null; email: string | null };

/**
 * Where a channel reaches a customer: a number in E.164 that somebody can have, or one plain e-mail address; null when there
 * is none.
 */
export function addressOn(channel: Channel, customer: Reachable): string | null {
  if (channel === 'sms') return phoneLineOf(customer.phone) ? customer.phone : null;
  return customer.email !== null && email.test(customer.email) ? customer.email : null;
}

/** Whether a message would be an SMS to a kind of line that takes none, such as one in an office. */
export function takesNoSms(channel: Channel, { phone }: Pick<Reachable, 'phone'>): boolean {
  return channel === 'sms' && phoneLineOf(phone)?.takesSms === false;
}
