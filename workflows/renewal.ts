import { allHandlersFinished, condition, patched, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { messagesOf, nextMoment, sameMoment, type Moment } from '../src/renewal/agenda.ts';
import { describeCase, describeMoment } from '../src/renewal/case-details.ts';
import { endHold } from '../src/renewal/case-hold.ts';
import { takeNotice } from '../src/renewal/case-notice.ts';
import * as after from '../src/renewal/case-progress.ts';
import { refuseCorrection, refuseNotice, refuseSecondRound } from '../src/renewal/case-refusal.ts';
import * as cases from '../src/renewal/case-state.ts';
import type { Outcome } from '../src/renewal/loss.ts';
import { goOn, historyIsLong } from './long-history.ts';
import { caseState, correctResult, decideSecondRound, notice, recordResult, type RenewalInput } from './messages.ts';
import { showOutcome, showOwner, showStage } from './search-attributes.ts';
import { assignCallBack, assignSecondRound, closeCase, refuse, sendAll, turnStage } from './steps.ts';

/** A case while it lives: it changes by what it hears and by what it does. */
type LivingCase = { readonly input: RenewalInput; state: cases.CaseState };

/** One case, from the list to one of the three books (business.md, The stage plan). */
export async function renewal(input: RenewalInput): Promise<Outcome> {
  const own: LivingCase = { input, state: cases.newCase(input) };
  listenToPeople(own);
  listenToSystems(own);

  const look = () => nextMoment(own.state, Date.now());
  const somethingComesBefore = async (next: Moment) => {
    setCurrentDetails(describeCase(own.state, next));
    const wait = next.at - Date.now();
    return wait > 0 && (await condition(() => !sameMoment(look(), next), wait, { summary: describeMoment(next) }));
  };

  for (let next = look(); next.kind !== 'nothing-left'; next = look()) {
    if (historyIsLong() && cases.mayGoOnElsewhere(own.state)) await goOn(input, own.state);
    if (!(await somethingComesBefore(next))) await take(own, next);
  }
  await condition(allHandlersFinished);
  if (!own.state.closed) throw new Error('nothing is left to do in a case that has not closed');
  return own.state.closed;
}

function listenToPeople(own: LivingCase): void {
  const everythingIsWritten = () => cases.isWritten(own.state);

  setHandler(
    recordResult,
    (result) => {
      own.state = cases.hearResult(own.state, result);
      return condition(everythingIsWritten);
    },
    {
      validator: (result) => refuse(refuseNotice(own.state, result)),
      description: 'A person recorded a contact result',
    },
  );
  setHandler(
    decideSecondRound,
    (decision) => {
      const decided = cases.takeSecondRound(own.state, decision, Date.now());
      // A case reopened by an earlier version was answered before its stage was in the books.
      const answersEarly = decision.outcome === 'reopened' && !patched('reopening-waits-for-its-stage');
      own.state = answersEarly ? { ...decided, answersEarly } : decided;
      return condition(everythingIsWritten);
    },
    {
      validator: (_decision) => refuse(refuseSecondRound(own.state)),
      description: 'The supervisor decided the second round',
    },
  );
  setHandler(
    correctResult,
    ({ resultId }) => {
      const heard = { key: `corrected.${resultId}`, kind: 'result-corrected' } as const;
      own.state = takeNotice(own.state, heard, Date.now());
      return condition(everythingIsWritten);
    },
    {
      validator: (_correction) => refuse(refuseCorrection(own.state)),
      description: 'A person struck out a mistaken result',
    },
  );
}

function listenToSystems(own: LivingCase): void {
  setHandler(
    notice,
    (heard) => {
      own.state = takeNotice(own.state, heard, Date.now());
      showOwner(heard);
    },
    { description: 'A system reported a change' },
  );
  setHandler(caseState, () => own.state, { description: 'What the case knows and waits for' });
}

/** What people and systems say while a step runs has changed the state by the time its answer is here. */
async function take(own: LivingCase, next: Moment): Promise<void> {
  const question = { renewalId: own.input.renewalId, stamp: own.state.stamp };
  switch (next.kind) {
    case 'case-opens':
    case 'stage-by-calendar':
    case 'stage-opens': {
      const { resultCounted: counted, afterHold = own.state.heldUntil !== undefined } = own.state;
      own.state = after.beforeStageTurn(own.state);
      const turn = await turnStage({ ...question, from: own.state.stage, resultCounted: counted, afterHold }, next);
      own.state = after.afterStageTurn(own.state, counted, turn);
      if (own.state.closed) showOutcome(own.state.closed);
      return showStage(own.state, turn, own.input);
    }
    case 'touch-due': {
      const sent = await sendAll(question, messagesOf(own.state, next.touch), next);
      own.state = after.afterTouch(own.state, next.touch, sent);
      return;
    }
    case 'messages-released': {
      const sent = await sendAll(question, next.messages, next);
      own.state = after.afterMessages(own.state, sent);
      return;
    }
    case 'call-back-due': {
      const assigned = await assignCallBack(question);
      own.state = after.afterCallBack(own.state, next.at, assigned);
      return;
    }
    case 'hold-ends':
      own.state = endHold(own.state, Date.now());
      return;
    case 'second-round-opens': {
      const assigned = await assignSecondRound(question, own.state);
      own.state = after.afterSecondRoundOpened(own.state, assigned);
      return;
    }
    case 'second-round-ends':
    case 'grace-ends':
    case 'case-closes': {
      own.state = { ...own.state, closing: true };
      const closing = await closeCase({ ...question, ending: next.ending });
      own.state = after.afterClose(own.state, closing);
      if (own.state.closed) showOutcome(own.state.closed);
      return;
    }
    case 'nothing-left':
      return;
  }
}
