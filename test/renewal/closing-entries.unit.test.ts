import { describe, expect, test } from 'vitest';
import { closingEntries } from '../../src/renewal/correction.ts';

const contact = (result: string) => ({ id: result, kind: 'contact', result });
const secondRound = (result: string) => ({ id: `second-round:${result}`, kind: 'second-round', result });

describe('The close of a case rests on', () => {
  test.each([
    ['the renewal', [contact('quoted'), contact('renewed')], ['renewed']],
    ['what said that it cannot be renewed', [contact('promised'), contact('not-renewable')], ['not-renewable']],
    ['the decline whose second round stayed silent', [contact('quoted'), contact('declined')], ['declined']],
    [
      'the confirmed loss and the decline before it',
      [contact('declined'), secondRound('confirmed-lost')],
      ['second-round:confirmed-lost', 'declined'],
    ],
    [
      'the second round that renewed it, whatever was declined',
      [contact('declined'), secondRound('renewed')],
      ['second-round:renewed'],
    ],
    [
      'what came after a reopening',
      [contact('declined'), secondRound('reopened'), contact('not-renewable')],
      ['not-renewable'],
    ],
    ['no entry, when time closed it', [contact('confirmed'), contact('not-reached')], []],
  ])('%s', (_, taken, expected) => {
    expect(closingEntries(taken)).toEqual(expected);
  });
});
