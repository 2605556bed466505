import { eq } from 'drizzle-orm';
import { optOutStops } from '../../renewal/consent.ts';
import type { DecisionRule } from '../../renewal/decision-rules.ts';
import type { Channel } from '../../renewal/stage-plan.ts';
import type { Db } from '../connection.ts';
import { phoneLineOf } from '../customers/phone-line.ts';
import { consentsOn } from '../customers/standing-consents.ts';
import { isSuppressed } from '../customers/suppressed-records.ts';
import { onlyRow } from '../only-row.ts';
import { customers } from '../schema/customers.ts';

/** What speaks for and against a service notice on a channel. */
type Way = {
  hasAddress: boolean;
  optedOut: boolean;
  takesNoSms: boolean;
  addressSuppressed: boolean;
  consented: boolean;
};
export type Ways = Record<Channel, Way>;

export async function waysToConfirm(tx: Db, customerId: string): Promise<Ways> {
  const customer = onlyRow(await tx.select().from(customers).where(eq(customers.id, customerId)));
  const { phone, email } = customer;
  const way = async (channel: Channel, address: string | null): Promise<Way> => {
    const { consents, optedOutAt } = consentsOn(channel, customer);
    return {
      hasAddress: address !== null,
      optedOut: optedOutAt !== null && optOutStops(channel, 'service-notice'),
      takesNoSms: channel === 'sms' && address !== null && phoneLineOf(address)?.takesSms !== true,
      addressSuppressed: address !== null && (await isSuppressed(tx, { channel, address, customerId })),
      consented: consents['service-notice'],
    };
  };
  return { sms: await way('sms', phone), email: await way('email', email) };
}

/** Why nothing goes on a channel, in the order in which a claim asks; undefined where it may. */
export function obstacleOn(channel: Channel, way: Way): DecisionRule | undefined {
  if (way.optedOut) return `${channel}-opted-out`;
  if (!way.hasAddress) return channel === 'sms' ? 'no-phone' : 'no-email';
  if (way.takesNoSms) return 'phone-cannot-take-sms';
  if (way.addressSuppressed) return 'address-suppressed';
  return way.consented ? undefined : `no-${channel}-consent`;
}
