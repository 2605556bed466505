import { describe, expect, test } from 'vitest';
import { isAfterTheFact } from '../../src/renewal/after-the-fact.ts';
import { outcomeNamedBy } from '../../src/renewal/correction.ts';
import { contactResults } from '../../src/renewal/contact-result.ts';
import { aPlan, daysBeforeT } from '../support/given-plan.ts';

describe('an entry made after the fact', () => {
  const at = daysBeforeT;

  const contact = (occurredAt: number | undefined, recordedAt: number) => ({
    occurredAt,
    recordedAt,
    isEffective: true,
  });
  const attempt = (occurredAt: number, recordedAt: number) => ({ occurredAt, recordedAt, isEffective: false });

  test.each([
    ['a contact entered as it happened', contact(undefined, at(40)), false],
    ['a contact entered an hour later', contact(at(40, { minute: 600 }), at(40, { minute: 660 })), false],
    ['a contact entered exactly a day later', contact(at(40), at(39)), false],
    ['a contact entered more than a day later', contact(at(40), at(39) + 1), true],
    ['an attempt entered more than a day later', attempt(at(40), at(38)), true],
    ['a contact entered an hour later in the next stage', contact(at(30) - 1, at(30) + 3_600_000), true],
    ['an attempt entered an hour later in the next stage', attempt(at(30) - 1, at(30) + 3_600_000), false],
  ])('%s', (_, entry, expected) => {
    expect(isAfterTheFact(entry, aPlan())).toBe(expected);
  });
});

describe('a correction after the close', () => {
  const named = {
    renewed: { kind: 'renewed', early: true },
    declined: { kind: 'lost', reason: 'price', renewable: true },
    unreachable: { kind: 'lost', reason: 'unreachable', renewable: true },
    'not-renewable': { kind: 'lost', reason: 'price', renewable: false },
  };

  test.each(contactResults)('that says %s names its book, or none', (result) => {
    expect(outcomeNamedBy({ result, lossReason: 'price' }, true)).toEqual(named[result as keyof typeof named]);
  });

  test('that says not-renewable without a reason means that the vehicle is gone', () => {
    expect(outcomeNamedBy({ result: 'not-renewable' }, false)).toMatchObject({ reason: 'sold-or-scrapped' });
  });
});
