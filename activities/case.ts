import { lockFleet } from '../src/db/cases/case-locks.ts';
import { answerFor, readSituation, type CaseSituation } from '../src/db/cases/case-situation.ts';
import { markArmed, markExpiryFollowed } from '../src/db/cases/stage-records.ts';
import type { Db } from '../src/db/connection.ts';
import type { Calendar } from '../src/renewal/calendar.ts';
import type {
  CaseQuestion,
  CloseAnswer,
  CloseQuestion,
  SecondRoundQuestion,
  StageQuestion,
  StageTurn,
  StageTurned,
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
    turnStage: inOneTransaction(followStage),
    assignCallBack: inOneTransaction(assignCallBack),
    assignSecondRound: inOneTransaction(assignSecondRound),
    closeCase: inOneTransaction(closeCase),
  };
}

/** A stage that is kept has its instants by the expiry date as it stands, as one that opens has. */
async function followStage(tx: Db, situation: CaseSituation, question: StageQuestion): Promise<StageTurned> {
  const turned = await turnStage(tx, situation, question);
  if (turned.kind === 'opened' && turned.kept) await markExpiryFollowed(tx, situation);
  return turned;
}
