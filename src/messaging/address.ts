import type { Channel } from '../renewal/stage-plan.ts';

const phone = /^\+[1-9]\d{6,14}$/;
const email = /^[^\s@,;:<>"()[\]\\]{1,64}@[^\s@,;:<>"()[\]\\]{1,255}$/;

/** Where a channel reaches a customer: one E.164 number or one plain e-mail address, null when there is none. */
export function addressOn(channel: Channel, customer: { phone: string | null; email: string | null }): string | null {
  const [address, form] = channel === 'sms' ? [customer.phone, phone] : [customer.email, email];
  return address !== null && form.test(address) ? address : null;
}
