import type { SendAnswer, SendQuestion } from '../src/renewal/case-answers.ts';
export type SendActivities = {
  sendSms: (question: SendQuestion) => Promise<SendAnswer>;
  sendEmail: (question: SendQuestion) => Promise<SendAnswer>;
};
