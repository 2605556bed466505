import { asksForSecondRound, type ContactResult } from './contact-result.ts';
import type { LossReason, Outcome } from './loss.ts';

/** How a case ended by a result that corrects its books (business.md, Contact results); undefined where it names no book. */
export function outcomeNamedBy(
  { result, lossReason }: { result: string; lossReason?: string | null | undefined },
  early: boolean,
): Outcome | undefined {
  const reason = (lossReason ?? undefined) as LossReason | undefined;
  switch (result as ContactResult) {
    case 'renewed':
      return { kind: 'renewed', early };
    case 'declined':
      return { kind: 'lost', reason: reason ?? 'other', renewable: true };
    case 'unreachable':
      return { kind: 'lost', reason: 'unreachable', renewable: true };
    case 'not-renewable':
      return { kind: 'lost', reason: reason ?? 'sold-or-scrapped', renewable: false };
    case 'confirmed':
    case 'quoted':
    case 'promised':
    case 'considering':
    case 'not-reached':
    case 'wrong-number':
    case 'refused-contact':
      return undefined;
  }
}

/** An entry that its case took: a contact result, or how a second round ended. */
export type TakenEntry = { id: string; kind: string; result: string };

/**
 * The ids of the entries that the close of a case rests on, of all that it took in their order: the last one that decides,
 * and under a confirmed loss also what had asked for the second round.
 */
export function closingEntries(taken: readonly TakenEntry[]): string[] {
  const last = taken.findLast(decides);
  if (!last) return [];
  const isConfirmedLoss = last.kind === 'second-round' && last.result === 'confirmed-lost';
  const asking = isConfirmedLoss ? askedForSecondRound(taken) : undefined;
  return asking ? [last.id, asking.id] : [last.id];
}

/** The last contact that led to a second round. */
export function askedForSecondRound<Entry extends TakenEntry>(taken: readonly Entry[]): Entry | undefined {
  return taken.findLast(({ kind, result }) => kind === 'contact' && asksForSecondRound(result as ContactResult));
}

function decides({ kind, result }: TakenEntry): boolean {
  if (kind === 'second-round') return result !== 'reopened';
  return endsCase(result) || asksForSecondRound(result as ContactResult);
}

/** Whether a contact result ends a case by itself; without one a case that goes on again stays open (docs/decisions/0014). */
export function endsCase(result: string): boolean {
  return result === 'renewed' || result === 'not-renewable';
}
