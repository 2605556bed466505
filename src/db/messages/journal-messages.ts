import { ruleOf } from '../../renewal/decision-rules.ts';
import { explain, type Deciding, type Explained } from '../../renewal/explanation.ts';
import { decidingIn, type CaseSituation } from '../cases/case-situation.ts';
import type { Db } from '../connection.ts';
import { journalise } from '../journal/journal-records.ts';
import type { messages } from '../schema/messages.ts';
import type { DecidedMessage } from './dropped-messages.ts';

type MessageRow = typeof messages.$inferSelect;

/** Which step decided about messages, when and by which plan, and on what for each of them. */
export type Because = {
  step: 'planning' | 'confirming' | 'following' | 'passing' | 'closing' | 'refusal' | 'consent' | 'correction';
  decidingOn: (message: MessageRow) => Deciding;
  facts: (message: MessageRow) => Record<string, unknown>;
};

/**
 * Whether a message is sent is a decision of its own in the journal of its case (promises.md, Journal). Without a reason to
 * tell, as for what is planned again, the entry is no decision to skip.
 */
export async function journaliseMessages(tx: Db, decided: readonly DecidedMessage[], because?: Because): Promise<void> {
  await journalise(
    tx,
    decided.map((message) => {
      const { id, renewalId, touch, channel, state, reason, stands } = message;
      const inputs = { messageId: id, touch, channel, ...why(message, because), ...(stands ? { stands } : {}) };
      return { chain: renewalId, actor: 'system', event: `message-${state}`, reason: reason ?? state, inputs };
    }),
  );
}

/** A reason such as `case-closed:renewed` names its rule before the colon. */
function why(message: MessageRow, because: Because | undefined): Explained | undefined {
  const rule = ruleOf(message.reason?.split(':')[0]);
  if (!because || rule === undefined) return undefined;
  const { touch, channel, dueAt, latestAt } = message;
  const facts = { step: because.step, touch, channel, dueAt, latestAt, ...because.facts(message) };
  return explain(rule, facts, because.decidingOn(message));
}

/** What a step of a case decided about its own messages. */
export function becauseOf(
  situation: CaseSituation,
  step: Because['step'],
  facts: Because['facts'] = () => ({}),
): Because {
  return { step, decidingOn: () => decidingIn(situation), facts };
}

/** What planning a touch rests on: its day, when the case was opened or went on, and until when the customer is left alone. */
export function planningFacts({ renewal, plan, openedOn, doNotContactUntil }: CaseSituation): Because['facts'] {
  return ({ touch }) => ({
    dueOn: plan.touches.find(({ key }) => key === touch)?.dueOn ?? null,
    openedOn,
    touchesFrom: renewal.touchesFrom,
    refused: renewal.refusedContactAt !== null,
    doNotContactUntil: doNotContactUntil === null ? null : new Date(doNotContactUntil),
  });
}

/** The same where another plan came into force, which may have no such touch; a pause misses none that came up before. */
export function followingFacts(situation: CaseSituation): Because['facts'] {
  const planned = planningFacts(situation);
  const keys = new Set(situation.plan.touches.map(({ key }) => key));
  return (message) => {
    const cameUp = message.heldUntil !== null || message.cameToAt !== null;
    return { ...planned(message), ...(cameUp ? { touchesFrom: null } : {}), isInPlan: keys.has(message.touch) };
  };
}
