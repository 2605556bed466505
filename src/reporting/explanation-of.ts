import { ruleOf, sourceOf, type DecisionRule } from '../renewal/decision-rules.ts';
import type { Explained } from '../renewal/explanation.ts';

/** Why a case sent, skipped, held, assigned or escalated: enough to take the decision again, and where its rule stands. */
export type Explanation = {
  rule: DecisionRule;
  source: string;
  planVersion: number | null;
  inputs: Explained['facts'];
  calendar: Explained['calendar'];
};

/**
 * The explanation that a journal entry carries in its inputs; null when it carries none, or names a rule that is not in the
 * catalogue (any more). Instants in it are ISO texts.
 */
export function explanationOf(inputs: unknown): Explanation | null {
  const { rule: code, planVersion = null, facts, calendar } = (inputs ?? {}) as Partial<Explained>;
  const rule = ruleOf(code);
  if (rule === undefined || facts === undefined || calendar === undefined) return null;
  return { rule, source: sourceOf(rule), planVersion, inputs: facts, calendar };
}
