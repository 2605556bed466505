import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import { failureCode } from '../src/messaging/failure-code.ts';
import { RenewalError } from '../src/renewal/errors.ts';

/** Temporal keeps the message of a failure, and a database error quotes its parameters: only its code goes on. */
export async function inCodes<Answer>(step: () => Promise<Answer>): Promise<Answer> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof TemporalFailure) throw error;
    const known = error instanceof RenewalError;
    const code = known ? error.code : failureCode(error);
    throw ApplicationFailure.retryable(known ? error.message : `The step failed: ${code}`, code);
  }
}

type Activities = Record<string, (input: never) => Promise<unknown>>;

/** The same activities, whose failures carry codes only (promises.md, No personal data in Temporal). */
export function failingInCodes<Own extends Activities>(activities: Own): Own {
  const wrapped = Object.entries(activities).map(([name, run]) => [name, (input: never) => inCodes(() => run(input))]);
  return Object.fromEntries(wrapped) as Own;
}
