import { allHandlersFinished, condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { messagesOf, nextMoment, sameMoment, type Moment } from '../src/renewal/agenda.ts';
import { describeCase, describeMoment } from '../src/renewal/case-details.ts';
import { takeNotice } from '../src/renewal/case-notice.ts';
import * as after from '../src/renewal/case-progress.ts';
import * as cases from '../src/renewal/case-state.ts';
import type { Outcome } from '../src/renewal/loss.ts';
import { goOn, historyIsLong } from './long-history.ts';
import { caseState, decideSecondRound, notice, recordResult, type RenewalInput } from './messages.ts';
import { showOutcome, showOwner, showStage } from './search-attributes.ts';
import { assignCallBack, assignSecondRound, closeCase, refuse, sendAll, turnStage } from './steps.ts';

/** One case, from the list to one of the three books (business.md, The stage plan). */
export async function renewal(input: RenewalInput): Promise<Outcome> {
  let state = cases.newCase(input);
  const question = () => ({ renewalId: input.renewalId, stamp: state.stamp });
  const everythingIsWritten = () => cases.isWritten(state);

  setHandler(
    recordResult,
    (result) => {
      state = cases.takeResult(state, result);
      return condition(everythingIsWritten);
    },
    {
      validator: ({ result }) => refuse(cases.refuseResult(state, result)),
      description: 'A person recorded a contact result',
    },
  );
  setHandler(
    decideSecondRound,
    (decision) => {
      state = cases.takeSecondRound(state, decision, Date.now());
      return condition(everythingIsWritten);
    },
    {
      validator: (_decision) => refuse(cases.refuseSecondRound(state)),
      description: 'The supervisor decided the second round',
    },
  );
  setHandler(
    notice,
    (heard) => {
      state = takeNotice(state, heard);
      showOwner(heard);
    },
    { description: 'A system reported a change' },
  );
  setHandler(caseState, () => state, { description: 'What the case knows and waits for' });

  const look = () => nextMoment(state, Date.now());
  const somethingComesBefore = async (next: Moment) => {
    setCurrentDetails(describeCase(state, next));
    const wait = next.at - Date.now();
    return wait > 0 && (await condition(() => !sameMoment(look(), next), wait, { summary: describeMoment(next) }));
  };

  const take = async (next: Moment) => {
    switch (next.kind) {
      case 'case-opens':
      case 'stage-by-calendar':
      case 'stage-opens': {
        const counted = state.resultCounted;
        state = after.beforeStageTurn(state);
        const turn = await turnStage({ ...question(), from: state.stage, resultCounted: counted }, next);
        state = after.afterStageTurn(state, counted, turn);
        return showStage(state, turn, input);
      }
      case 'touch-due': {
        const sent = await sendAll(question(), messagesOf(state, next.touch), next);
        state = after.afterTouch(state, next.touch, sent);
        return;
      }
      case 'messages-released': {
        const sent = await sendAll(question(), next.messages, next);
        state = after.afterMessages(state, sent);
        return;
      }
      case 'call-back-due': {
        const assigned = await assignCallBack(question());
        state = after.afterCallBack(state, next.at, assigned);
        return;
      }
      case 'second-round-opens': {
        const assigned = await assignSecondRound(question(), state);
        state = after.afterSecondRoundOpened(state, assigned);
        return;
      }
      case 'second-round-ends':
      case 'grace-ends':
      case 'case-closes': {
        state = { ...state, closing: true };
        const closing = await closeCase({ ...question(), ending: next.ending });
        state = after.afterClose(state, closing);
        return state.closed && showOutcome(state.closed);
      }
      case 'nothing-left':
        return;
    }
  };

  for (let next = look(); next.kind !== 'nothing-left'; next = look()) {
    if (historyIsLong() && everythingIsWritten()) await goOn(input, state);
    if (!(await somethingComesBefore(next))) await take(next);
  }
  await condition(allHandlersFinished);
  return state.closed!;
}
