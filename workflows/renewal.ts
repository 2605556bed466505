import { allHandlersFinished, condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { nextMoment, sameMoment, type Moment } from '../src/renewal/agenda.ts';
import { describeCase, describeMoment } from '../src/renewal/case-details.ts';
import { takeNotice } from '../src/renewal/case-notice.ts';
import * as after from '../src/renewal/case-progress.ts';
import * as cases from '../src/renewal/case-state.ts';
import type { Outcome } from '../src/renewal/loss.ts';
import { caseState, decideSecondRound, notice, recordResult, type RenewalInput } from './messages.ts';
import { showOutcome, showStage } from './search-attributes.ts';
import { assignCallBack, assignSecondRound, closeCase, refuse, send, sendTouch, turnStage } from './steps.ts';

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
    { validator: () => refuse(cases.refuseSecondRound(state)), description: 'The supervisor decided the second round' },
  );
  setHandler(notice, (heard) => void (state = takeNotice(state, heard)), { description: 'A system reported a change' });
  setHandler(caseState, () => state, { description: 'What the case knows and waits for' });

  const look = () => nextMoment(state, Date.now());
  const somethingComesBefore = async (next: Moment) => {
    setCurrentDetails(describeCase(state, next));
    const wait = next.at - Date.now();
    return wait > 0 && (await condition(() => !sameMoment(look(), next), wait, { summary: describeMoment(next) }));
  };

  for (let next = look(); next.kind !== 'nothing-left'; next = look()) {
    if (await somethingComesBefore(next)) continue;
    switch (next.kind) {
      case 'case-opens':
      case 'stage-by-calendar':
      case 'stage-opens': {
        const counted = state.resultCounted;
        state = after.beforeStageTurn(state);
        const turn = await turnStage({ ...question(), from: state.stage, resultCounted: counted }, next);
        state = after.afterStageTurn(state, counted, turn);
        showStage(state, turn, input);
        break;
      }
      case 'touch-due':
        state = after.afterTouch(state, next.touch, await sendTouch(question(), state, next));
        break;
      case 'message-released':
        state = after.afterRelease(state, next.message, await send({ ...question(), ...next.message }));
        break;
      case 'call-back-due':
        state = after.afterCallBack(state, next.at, await assignCallBack(question()));
        break;
      case 'second-round-opens':
        state = after.afterSecondRoundOpened(state, await assignSecondRound(question(), state));
        break;
      case 'second-round-ends':
      case 'grace-ends':
      case 'case-closes':
        state = { ...state, closing: true };
        state = after.afterClose(state, await closeCase({ ...question(), ending: next.ending }));
        if (state.closed) showOutcome(state.closed);
        break;
    }
  }

  await condition(allHandlersFinished);
  return state.closed!;
}
