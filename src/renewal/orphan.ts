/** Channels that may take an orphan policy, in the order in which they are proposed; the last cannot decline. */
export const receivingChannels = ['cross-sales', 'bank-partner', 'call-centre'] as const;
export type ReceivingChannel = (typeof receivingChannels)[number];

export const lastChannel: ReceivingChannel = 'call-centre';

export const handoverItemStates = ['undecided', 'offered', 'assigned', 'handed-off', 'closed'] as const;
export type HandoverItemState = (typeof handoverItemStates)[number];

/** What becomes of an orphaned case when a deadline passes in silence or an offer is declined (business.md, Orphans). */
export type OrphanStep =
  | { kind: 'offer'; channel: ReceivingChannel }
  | { kind: 'hand-off'; channel: ReceivingChannel }
  | { kind: 'back'; propose: ReceivingChannel };

/** The supervisor did not decide in time: the call centre gets the offer. */
export function afterSilence(): OrphanStep {
  return { kind: 'offer', channel: lastChannel };
}

/** The channel declined or did not answer: the next one is proposed to the supervisor; the last one has it. */
export function afterNoAcceptance(channel: ReceivingChannel): OrphanStep {
  if (channel === lastChannel) return { kind: 'hand-off', channel };
  return { kind: 'back', propose: receivingChannels[receivingChannels.indexOf(channel) + 1] ?? lastChannel };
}
