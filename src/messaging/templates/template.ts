export const templateKeys = [
  'expiry-notice',
  'offer-open',
  'expiry-near',
  'last-week',
  'last-days',
  'expiry-day',
  'renewal-confirmation',
] as const;
export type TemplateKey = (typeof templateKeys)[number];

/** The templates that a stage plan's touches may use; the confirmation tells of a renewal, which no plan knows. */
export const touchTemplateKeys: readonly TemplateKey[] = templateKeys.filter((key) => key !== 'renewal-confirmation');

/** Liquid sources of one message; `email` is plain text, an empty line parts paragraphs. */
export type Template = { sms: string; subject: string; email: string };

/** One language: its templates, and the phrases that the variables are made of. */
export type Wording = {
  templates: Record<TemplateKey, Template>;
  /** How far away the expiry is; 0 is the expiry day itself. */
  remaining: (days: number) => string;
  /** The insurance in one phrase, from cover types. */
  nameCovers: (covers: readonly string[]) => string;
};
