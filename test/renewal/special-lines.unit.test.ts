import { describe, expect, test } from 'vitest';
import { chooseFirstOwner, isTelesalesBorn, needsManagerInCharge } from '../../src/renewal/special-lines.ts';

describe('The manager in charge', () => {
  test.each([
    ['50000.00', true],
    ['50000.01', true],
    ['49999.99', false],
    ['0.00', false],
  ])('joins at a premium of %s: %s', (premium, joins) => {
    expect(needsManagerInCharge({ premium })).toBe(joins);
  });
});

describe('A policy is born in telesales', () => {
  test.each([
    ['电销', true],
    ['Telesales', true],
    ['TELE-SALES', true],
    [' 电销 ', true],
    ['门店', false],
    ['4S店', false],
    ['电销中心推荐', false],
    [null, false],
  ])('when its channel is %s: %s', (channel, born) => {
    expect(isTelesalesBorn({ channel })).toBe(born);
  });
});

describe('A new case goes', () => {
  test.each([
    ['to its agent', { channel: '门店', agentId: 'A1', specialistId: 'X1' }, { kind: 'owner', staffId: 'A1' }],
    [
      'to the specialist without an agent',
      { channel: '门店', agentId: null, specialistId: 'X1' },
      { kind: 'owner', staffId: 'X1' },
    ],
    ['to nobody when the list names nobody', { channel: null, agentId: null, specialistId: null }, { kind: 'nobody' }],
    [
      'to the specialist when telesales wrote it',
      { channel: '电销', agentId: 'A1', specialistId: 'X1' },
      { kind: 'owner', staffId: 'X1' },
    ],
    [
      'to the call centre when telesales wrote it and there is no specialist',
      { channel: '电销', agentId: 'A1', specialistId: null },
      { kind: 'call-centre' },
    ],
  ] as const)('%s', (_title, policy, first) => {
    expect(chooseFirstOwner(policy)).toEqual(first);
  });
});
