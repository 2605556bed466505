import type { Db } from '../db/connection.ts';
import { readTextInForce } from '../db/templates/template-rows.ts';
import { RenewalError } from '../renewal/errors.ts';
import type { Variables } from './liquid.ts';
import { fillInLine, writeEmail } from './render.ts';
import { shippedText } from './templates/shipped.ts';
import { staffVariables, type StaffRequest } from './templates/staff-variables.ts';
import type { StaffFacts, StaffTemplateKey } from './templates/staff-facts.ts';
import { writtenLanguage, type TemplateVersion } from './templates/template.ts';

export type StaffMailRequest<Key extends StaffTemplateKey> = {
  template: Key;
  language: string;
  facts: StaffFacts[Key];
};

/** `html` is the mail's content, which `layOut` puts into the page; `sms` is one short text with the counts. */
export type StaffMail = { subject: string; text: string; html: string; sms: string; templateVersion: number };

/**
 * Writes a mail to staff by the template in force (business.md, Staff nudges). Names and plates in it are masked. Throws
 * `sending-misconfigured` when the template cannot be rendered.
 */
export async function renderStaffMail<Key extends StaffTemplateKey>(
  tx: Db,
  { template, language, facts }: StaffMailRequest<Key>,
): Promise<StaffMail> {
  const written = writtenLanguage(language);
  const inForce = await readTextInForce(tx, { key: template, language: written });
  const version = inForce ?? shippedText(template, written);
  if (!version) throw new RenewalError('sending-misconfigured', `No template is called ${template}.`);
  // Template and facts belong together by the request's own type.
  const request = { template, language: written, facts } as StaffRequest;
  return writeStaffMail(version, staffVariables(request));
}

/** The same by one version and its variables. Throws `sending-misconfigured`. */
export function writeStaffMail({ version, content }: TemplateVersion, variables: Variables): StaffMail {
  try {
    const { subject, body, html } = writeEmail(content, variables);
    return { subject, text: body, html, sms: fillInLine(content.sms, variables), templateVersion: version };
  } catch {
    throw new RenewalError('sending-misconfigured', 'A mail to staff cannot be rendered by its template.');
  }
}
