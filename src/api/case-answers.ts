import type { ResultAnswer } from '../cases/record-result.ts';
import { Problem, refusal, unavailable } from './doors/problem.ts';

/** Turns what a case answered into nothing (it took it) or the problem that says why not. */
export function requireApplied(answer: Exclude<ResultAnswer, { kind: 'applied' }>): never;
export function requireApplied(answer: ResultAnswer): void;
export function requireApplied(answer: ResultAnswer): void {
  switch (answer.kind) {
    case 'applied':
      return;
    case 'refused':
      throw refusal(answer.code, answer.detail);
    case 'late':
      throw new Problem({ status: 409, code: 'case-closed', detail: answer.detail });
    case 'unavailable':
      throw unavailable('The case', answer.retryAfterSeconds);
  }
}
