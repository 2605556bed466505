import { describe, expect, test } from 'vitest';
import { conversations, withOccasions } from '../../src/messaging/occasions.ts';
import { shanghai } from '../support/given-plan.ts';

const at = (written: string): number => Date.parse(`${written}:00+08:00`);

const aMessage = (renewalId: string, when: string, plate: string | null = renewalId) => ({
  renewalId,
  touch: 't-15',
  channel: 'sms',
  claimedAt: at(`2027-03-${when}`),
  plate,
  vin: null,
});

const aContact = (
  renewalId: string,
  when: string,
  changed: { plate?: string; by?: string; fleetId?: string } = {},
) => ({
  renewalId,
  plate: changed.plate ?? renewalId,
  vin: null,
  fleetId: changed.fleetId ?? null,
  recordedBy: changed.by ?? 'A1',
  contactedAt: at(`2027-03-${when}`),
});

describe('Messages of one touch', () => {
  test.each([
    ['on two channels, however far apart', aMessage('one', '16T10:00'), aMessage('one', '18T10:00'), 1],
    ['for companions within a day', aMessage('one', '16T10:00', 'car'), aMessage('two', '17T09:59', 'car'), 1],
    ['for companions days apart', aMessage('one', '16T10:00', 'car'), aMessage('two', '17T10:00', 'car'), 2],
    ['for different vehicles', aMessage('one', '16T10:00'), aMessage('two', '16T10:00'), 2],
    ['for policies without a plate', aMessage('one', '16T10:00', null), aMessage('two', '16T10:00', null), 2],
  ])('%s', (...[, first, second, touches]) => {
    const named = withOccasions([first, second]);
    expect(new Set(named.map(({ occasion }) => occasion)).size).toBe(touches);
  });
});

describe('Conversations with a customer', () => {
  test.each([
    ['results for one case', aContact('one', '16T10:00'), aContact('one', '16T11:00'), 2],
    [
      'one person’s results for companions on a day',
      aContact('one', '16T10:00', { plate: 'car' }),
      aContact('two', '16T11:00', { plate: 'car' }),
      1,
    ],
    [
      'one person’s results for a fleet on a day',
      aContact('one', '16T10:00', { fleetId: 'F' }),
      aContact('two', '16T10:00', { fleetId: 'F' }),
      1,
    ],
    [
      'two people’s results for companions',
      aContact('one', '16T10:00', { plate: 'car' }),
      aContact('two', '16T11:00', { plate: 'car', by: 'A2' }),
      2,
    ],
    [
      'results for companions on two days',
      aContact('one', '16T10:00', { plate: 'car' }),
      aContact('two', '17T10:00', { plate: 'car' }),
      2,
    ],
    ['results for two vehicles', aContact('one', '16T10:00'), aContact('two', '16T10:00'), 2],
  ])('%s', (...[, first, second, times]) => {
    expect(conversations([first, second], shanghai)).toHaveLength(times);
  });
});
