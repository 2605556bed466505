import { ruleOf, sourceOf } from '../renewal/decision-rules.ts';

/** Reasons that are no rule of a decision to send but what became of an attempt, or what an operator said. */
const sentences: Record<string, string> = {
  interrupted: 'the process that sent it ended before the provider’s answer was recorded',
  'not-found-at-provider': 'the provider’s list has no such message; it never went',
  undelivered: 'the provider handed it on and could not deliver it',
  failed: 'the provider took it and could not send it',
  bounced: 'the mail came back: it was not delivered',
  canceled: 'the provider took it and did not send it',
  'settled-as-not-sent': 'an operator found that it did not go',
  'dropped-by-operator': 'an operator left it at that; whether it went is not known',
  'provider-at-capacity': 'the provider may not be asked more often now; nothing left this machine',
  'claim-too-old': 'its worker stood still until what was decided might no longer hold; nothing left this machine',
  'mail-server-too-slow':
    'the mail server took too long before the mail was handed over, or the window closed; it was given up and not sent',
  'layout-failed': 'its page could not be made; nothing left this machine',
  'no-such-provider': 'no provider of that name is set up here; nothing left this machine',
  'no-template-code':
    'the provider takes approved templates alone, and none is named for this one; nothing left this machine',
  'window-closes': 'the provider might send it after the window has closed; nothing left this machine',
  'not-planned': 'no stage planned it',
};

/** What a provider’s answer is shown as, with what it means. */
const answers: readonly [RegExp, string][] = [
  [/^http-429/, 'the provider asked to wait; nothing was accepted'],
  [/^http-40[13]/, 'the provider refused our credentials; nothing was accepted'],
  [/^http-4\d\d\/21610$/, 'the number has opted out at the provider; nothing was accepted'],
  [/^http-4/, 'the provider refused it; nothing was accepted'],
  [/^http-5/, 'the provider broke down over it; nobody can tell whether it was accepted'],
  [/^aliyun-\d+\/isv\./, 'the provider refused it; nothing was accepted'],
  [/^aliyun-/, 'the provider answered without proof; nobody can tell whether it was accepted'],
  [/^smtp-53[0458]$/, 'the mail server refused our login; nothing was accepted'],
  [/^smtp-4/, 'the mail server put it off; nothing was accepted'],
  [/^smtp-5/, 'the mail server refused it; nothing was accepted'],
  [/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EDNS)$/, 'the provider could not be reached; nothing left this machine'],
  [/^[A-Z][A-Z0-9_]+$/, 'the connection broke before the provider answered; nobody can tell whether it was accepted'],
];

/**
 * Says in one sentence why a message stands where it stands: the rule without its document, or what the provider’s answer
 * means. Null where there is nothing to say, or the code is not known (any more).
 */
export function explainReason(reason: string | null): string | null {
  if (reason === null) return null;
  const [code = ''] = reason.split(':');
  const rule = ruleOf(code);
  if (rule !== undefined) return withoutDocument(sourceOf(rule));
  return sentences[code] ?? answers.find(([pattern]) => pattern.test(reason))?.[1] ?? null;
}

/** `business.md, Restraint: what it says` without where it stands. */
function withoutDocument(source: string): string {
  return source.slice(source.indexOf(': ') + 2);
}
