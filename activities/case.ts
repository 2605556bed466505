import { lockFleet } from '../src/db/cases/case-locks.ts';
import { answerFor, readSituation, type CaseSituation } from '../src/db/cases/case-situation.ts';
import { markArmed } from '../src/db/cases/stage-records.ts';
import type { Db } from '../src/db/connection.ts';
import type { Calendar } from '../src/renewal/calendar.ts';
import type {
  CaseQuestion,
  CloseAnswer,
  CloseQuestion,
  SecondRoundQuestion,
  StageQuestion,
  StageTurn,
  WaitAnswer,
} from '../src/renewal/case-answers.ts';
import { assignCallBack } from './assign-call-back.ts';
import { assignSecondRound } from './assign-second-round.ts';
import { closeCase } from './close-case.ts';
import { turnStage } from './turn-stage.ts';

/** The steps that write a case's story into the books, one transaction each; repeating one changes nothing. */
export type CaseActivities = {
  turnStage: (question: StageQuestion) => Promise<StageTurn>;
  assignCallBack: (question: CaseQuestion) => Promise<WaitAnswer>;
  assignSecondRound: (question: SecondRoundQuestion) => Promise<WaitAnswer>;
  closeCase: (question: CloseQuestion) => Promise<CloseAnswer>;
};

export function createCaseActivities({ db, calendar }: { db: Db; calendar: Calendar }): CaseActivities {
  function inOneTransaction<Q extends CaseQuestion, A>(
    step: (tx: Db, situation: CaseSituation, question: Q) => Promise<A>,
  ) {
    return (question: Q) =>
      db.transaction(async (tx) => {
        const situation = await readSituation(tx, question.renewalId, calendar);
        await lockFleet(tx, situation.renewal.fleetId);
        await markArmed(tx, situation);
        return { ...answerFor(question, situation), ...(await step(tx, situation, question)) };
      });
  }
  return {
    turnStage: inOneTransaction(turnStage),
    assignCallBack: inOneTransaction(assignCallBack),
    assignSecondRound: inOneTransaction(assignSecondRound),
    closeCase: inOneTransaction(closeCase),
  };
}
