import { describe, expect, test } from 'vitest';
import {
  asksForCallBack,
  asksForSecondRound,
  contactResults,
  countsIn,
  isAttempt,
  isEffectiveContact,
  missingClosingItems,
  type ContactResult,
} from '../../src/renewal/contact-result.ts';
import { stages } from '../../src/renewal/stage-plan.ts';

type Row = { effective?: true; attempt?: true; preparation?: true; middle?: true; secondRound?: true; callBack?: true };

// One row per contact result of business.md, Contact results; `middle` is follow-up and intensive chase.
const table: Record<ContactResult, Row> = {
  confirmed: { preparation: true },
  renewed: {},
  quoted: { effective: true, preparation: true, middle: true },
  promised: { effective: true, preparation: true, middle: true, callBack: true },
  considering: { effective: true, preparation: true, middle: true, callBack: true },
  declined: { effective: true, preparation: true, middle: true, secondRound: true },
  'not-reached': { attempt: true },
  'wrong-number': { attempt: true },
  unreachable: { secondRound: true },
  'not-renewable': {},
  'refused-contact': { effective: true, preparation: true, middle: true },
};

describe.each(contactResults)('the contact result %s', (result) => {
  const row = table[result];

  test(`is ${row.effective ? 'an' : 'no'} effective contact and ${row.attempt ? 'an' : 'no'} attempt`, () => {
    expect([isEffectiveContact(result), isAttempt(result)]).toEqual([row.effective ?? false, row.attempt ?? false]);
  });

  test('counts in the stages that business.md names', () => {
    const counting = stages.filter((stage) => countsIn(undefined, stage, result));
    const expected = [
      ...(row.preparation ? ['preparation'] : []),
      ...(row.middle ? ['follow-up', 'intensive-chase'] : []),
    ];
    expect(counting).toEqual(expected);
  });

  test(`asks for ${row.secondRound ? 'a' : 'no'} second round and ${row.callBack ? 'a' : 'no'} call-back`, () => {
    expect([asksForSecondRound(result), asksForCallBack(result)]).toEqual([
      row.secondRound ?? false,
      row.callBack ?? false,
    ]);
  });
});

describe('the closing list', () => {
  test('names every item that is not ticked', () => {
    expect(missingClosingItems(['cover-read-back', 'papers-told-once'])).toEqual([
      'exclusions-read',
      'payment-before-issue',
    ]);
  });

  test('is complete with all four, in any order and whatever else was ticked', () => {
    const ticked = ['payment-before-issue', 'smiled', 'papers-told-once', 'exclusions-read', 'cover-read-back'];
    expect(missingClosingItems(ticked)).toEqual([]);
  });
});
