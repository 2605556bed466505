import type { ContactResult } from './contact-result.ts';
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
