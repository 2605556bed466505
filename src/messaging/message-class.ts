import { confirmationTouch } from '../renewal/stage-plan.ts';

/**
 * What a message is to its recipient: nobody misses a reminder, a service notice is owed, a legal one must arrive. It says
 * for which purpose there must be consent and what becomes of an attempt of which nothing can be proved.
 */
export const messageClasses = ['reminder', 'service-notice', 'legal'] as const;
export type MessageClass = (typeof messageClasses)[number];

/** Templates of texts that the law asks for begin so; the product ships none. */
const legalPrefix = 'legal-';

/** The class of a template (promises.md, Settling an unknown): touches remind, the one confirmation is a service notice. */
export function messageClassOf(template: string): MessageClass {
  if (template === confirmationTouch) return 'service-notice';
  return template.startsWith(legalPrefix) ? 'legal' : 'reminder';
}
