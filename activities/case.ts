import type {
  CaseQuestion,
  CloseAnswer,
  CloseQuestion,
  StageQuestion,
  StageTurn,
  WaitAnswer,
} from '../src/renewal/case-answers.ts';
export type CaseActivities = {
  turnStage: (question: StageQuestion) => Promise<StageTurn>;
  assignCallBack: (question: CaseQuestion) => Promise<WaitAnswer>;
  assignSecondRound: (question: SecondRoundQuestion) => Promise<WaitAnswer>;
  closeCase: (question: CloseQuestion) => Promise<CloseAnswer>;
};
