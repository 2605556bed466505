import { pathToFileURL } from 'node:url';
import type * as casePlan from '../../src/renewal/case-plan.ts';
import type * as contactResult from '../../src/renewal/contact-result.ts';
import type * as escalation from '../../src/renewal/escalation.ts';
import type { Edit } from '../support/a-build.ts';
import { shanghai, unspread } from '../support/given-plan.ts';

/** Rules as somebody may want them one day. */
export const otherRules: readonly Edit[] = [
  {
    file: 'src/renewal/case-plan.ts',
    from: 'addDays(facts.expiresOn, -days)',
    to: 'addDays(facts.expiresOn, -days - 5)',
  },
  { file: 'src/renewal/case-plan.ts', from: 'addDays(from, graceDays)', to: 'addDays(from, graceDays + 7)' },
  { file: 'src/renewal/case-plan.ts', from: '0x811c9dc5', to: '0x12345678' },
  { file: 'src/renewal/case-plan.ts', from: "case 'skip':\n      return 1;", to: "case 'skip':\n      return 4;" },
  {
    file: 'src/renewal/contact-result.ts',
    from: "return result === 'confirmed' || isEffectiveContact(result);",
    to: 'return isEffectiveContact(result);',
  },
  { file: 'src/renewal/contact-result.ts', from: "'refused-contact',\n]);", to: ']);' },
  {
    file: 'src/renewal/escalation.ts',
    from: 'facts.resultCounted || !facts.mayBeCalled',
    to: 'facts.resultCounted || facts.mayBeCalled',
  },
];

/** What the rules in the sources of a folder decide, by rule. */
export async function decisionsOf(folder: string): Promise<Record<string, unknown>> {
  const rules = <Module>(name: string): Promise<Module> =>
    import(pathToFileURL(`${folder}/src/renewal/${name}.ts`).href) as Promise<Module>;
  const { planCase } = await rules<typeof casePlan>('case-plan');
  const { countsIn, isEffectiveContact } = await rules<typeof contactResult>('contact-result');
  const { escalateOutOf } = await rules<typeof escalation>('escalation');
  const plan = planCase({ expiresOn: '2027-03-31', spreadKey: 'any' }, unspread, shanghai);
  const spread = planCase({ expiresOn: '2027-03-31', spreadKey: 'any' }, { ...unspread, spreadMinutes: 480 }, shanghai);
  const unanswered = { handedOut: 'supervisor', notHandedOut: 'call-centre' } as const;
  return {
    stageDays: plan.stages.map(({ opensOn }) => opensOn),
    grace: plan.closesOn,
    spread: spread.closesAt - plan.closesAt,
    lateTouches: plan.touches.map(({ dueAt, latestAt }) => latestAt - dueAt),
    counts: countsIn(plan, 'preparation', 'confirmed'),
    effective: isEffectiveContact('refused-contact'),
    escalation: escalateOutOf('follow-up', { unanswered, resultCounted: false, handedOut: true, mayBeCalled: true }),
  };
}
