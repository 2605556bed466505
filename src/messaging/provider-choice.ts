import type { SmsProviders } from '../renewal/settings.ts';
import type { Verdict } from './verdict.ts';

/** Providers as one process knows them: those that it can ask, and those that refused a moment ago for reasons of their own. */
type ProvidersHere = { configured: readonly string[]; resting: readonly string[] };

/** The same for one errand: who has just refused its message is not asked again. */
export type ProvidersToAsk = ProvidersHere & { refusedJustNow: readonly string[] };

/** The order of a number (E.164) by the country calling code that it begins with; no two calling codes begin alike. */
export function orderFor(number: string, { default: preset, countries }: SmsProviders): readonly string[] {
  return countries.find(({ callingCode }) => number.startsWith(`+${callingCode}`))?.order ?? preset;
}

/**
 * Whom a message may go through, first choice first: in the order of its number, without those that refused it for good,
 * those that rest last.
 */
export function candidates(
  order: readonly string[],
  { configured, resting }: ProvidersHere,
  refusedBy: readonly string[],
): string[] {
  const able = order.filter((name) => configured.includes(name) && !refusedBy.includes(name));
  return [...able.filter((name) => !resting.includes(name)), ...able.filter((name) => resting.includes(name))];
}

type Sent = { provider: string | null; template: string; language: string };

/** The code under which a provider has approved a template, if the setting names one; languages agree in their first part. */
export function templateCodeFor({ templateCodes }: SmsProviders, sent: Sent): string | null {
  const found = templateCodes.find(
    ({ provider, template, language }) =>
      provider === sent.provider && template === sent.template && first(language) === first(sent.language),
  );
  return found?.code ?? null;
}

function first(language: string): string | undefined {
  return language.toLowerCase().split('-')[0];
}

/** What follows a verdict: nothing more, another provider at once, or another attempt after a while. */
export type NextStep = 'settled' | 'other-provider' | 'later';

type Attempt = {
  /** Who else may take the message. */
  others: readonly string[];
  /** Who provably refused it a moment ago, in attempts of the same errand. */
  refusedJustNow: readonly string[];
};

/**
 * Only a proven refusal moves on, and none that is about the recipient: nobody else would take it either. Each provider is
 * asked once in an errand; when all have refused, the message waits if one of them may take it later.
 */
export function nextStep(verdict: Verdict, { others, refusedJustNow }: Attempt): NextStep {
  switch (verdict.kind) {
    case 'accepted':
    case 'unknown':
      return 'settled';
    case 'not-accepted':
      if (verdict.aboutRecipient || others.length === 0) return 'settled';
      break;
    case 'try-later':
      break;
  }
  return others.some((name) => !refusedJustNow.includes(name)) ? 'other-provider' : 'later';
}
