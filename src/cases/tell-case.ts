import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, type UpdateDefinition } from '@temporalio/common';
import { renewalErrorCodes, type RenewalErrorCode } from '../renewal/errors.ts';
import { promptly, type TemporalConnection } from './connect.ts';

/** What became of an Update. `gone`: no workflow takes it any more; `unreachable`: nobody knows yet, ask again with the same id. */
export type Told =
  | { kind: 'taken' }
  | { kind: 'refused'; code: RenewalErrorCode; message: string }
  | { kind: 'gone' }
  | { kind: 'unreachable' };

/** Hands a fact to a case and waits until it is in the books; the same id twice has one effect and one answer. */
export async function tellCase<Fact>(
  temporal: TemporalConnection,
  update: UpdateDefinition<void, [Fact]>,
  { id, renewalId, fact }: { id: string; renewalId: string; fact: Fact },
): Promise<Told> {
  try {
    await promptly(temporal, () =>
      temporal.client.workflow.getHandle(renewalId).executeUpdate(update, { args: [fact], updateId: id }),
    );
    return { kind: 'taken' };
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) return refusal(error);
    if (error instanceof WorkflowNotFoundError) return { kind: 'gone' };
    return { kind: 'unreachable' };
  }
}

function refusal(error: WorkflowUpdateFailedError): Told {
  const { cause } = error;
  const code = renewalErrorCodes.find((known) => cause instanceof ApplicationFailure && cause.type === known);
  if (!code) throw error;
  return { kind: 'refused', code, message: cause?.message ?? '' };
}
