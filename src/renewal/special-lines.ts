import { keyCustomerPremium } from './segment.ts';

/** Who has a case when it opens; `call-centre` works it at once and nobody owns it. */
export type FirstOwner = { kind: 'owner'; staffId: string } | { kind: 'call-centre' } | { kind: 'nobody' };

const telesalesChannels: readonly string[] = ['电销', 'telesales', 'tele-sales'];

/** Whether telesales wrote the policy, as the list names its channel (business.md, Special lines). */
export function isTelesalesBorn({ channel }: { channel: string | null }): boolean {
  return channel !== null && telesalesChannels.includes(channel.trim().toLowerCase());
}

/** Whether the manager in charge joins every task: from a premium of 50,000 on (business.md, Special lines). */
export function needsManagerInCharge({ premium }: { premium: string }): boolean {
  return Number(premium) >= keyCustomerPremium;
}

/**
 * Who has a new case: the agent, without one the specialist. What telesales wrote goes to the specialist whoever the agent
 * is, and without one to the call centre (business.md, Special lines). Staff numbers; null where the list names nobody.
 */
export function chooseFirstOwner(policy: {
  channel: string | null;
  agentId: string | null;
  specialistId: string | null;
}): FirstOwner {
  const { agentId, specialistId } = policy;
  if (isTelesalesBorn(policy)) return specialistId ? owner(specialistId) : { kind: 'call-centre' };
  const staffId = agentId ?? specialistId;
  return staffId ? owner(staffId) : { kind: 'nobody' };
}

function owner(staffId: string): FirstOwner {
  return { kind: 'owner', staffId };
}
