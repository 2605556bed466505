import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { capacityOf, chooseAssignee, hindranceOf, type Workload } from '../../src/renewal/assignment.ts';
import { aWorkload } from '../support/given-work.ts';

const task = { givenOn: '2027-02-01', dueOn: '2027-02-03', isContact: true };

describe('A task goes to its first choice unless that person', () => {
  test.each<[string, Partial<Workload>, string | undefined]>([
    ['has nothing against it', {}, undefined],
    ['leaves on the day on which it is due', { departedOn: '2027-02-03' }, 'cover-departure'],
    ['leaves on the day after', { departedOn: '2027-02-04' }, undefined],
    ['is on leave when it is given', { absences: [{ fromOn: '2027-01-31', toOn: '2027-02-01' }] }, 'cover-absence'],
    ['is on leave when it is due', { absences: [{ fromOn: '2027-02-03', toOn: '2027-02-09' }] }, 'cover-absence'],
    ['is on leave between', { absences: [{ fromOn: '2027-02-02', toOn: '2027-02-02' }] }, undefined],
    ['has one customer less than the limit', { customers: 1_499, customerCapacity: 1_500 }, undefined],
    ['has as many customers as one person can have', { customers: 1_500, customerCapacity: 1_500 }, 'cover-load'],
    ['has one contact of that day left', { contacts: { '2027-02-03': 19 }, contactsPerDay: 20 }, undefined],
    ['has all contacts of that day', { contacts: { '2027-02-03': 20 }, contactsPerDay: 20 }, 'cover-load'],
    ['has all contacts of another day', { contacts: { '2027-02-02': 20 }, contactsPerDay: 20 }, undefined],
  ])('%s', (_what, facts, expected) => {
    expect(hindranceOf(aWorkload('X1', facts), task)).toBe(expected);
  });

  test('work at the desk is given to somebody whose contacts of the day are full', () => {
    const busy = aWorkload('X1', { contacts: { '2027-02-03': 20 }, contactsPerDay: 20 });
    expect(hindranceOf(busy, { ...task, isContact: false })).toBeUndefined();
  });

  test('a specialist has 1,500 customers and 20 contacts a day, an agent no limit of ours', () => {
    expect(capacityOf('specialist')).toEqual({ customers: 1_500, contactsPerDay: 20 });
    expect(capacityOf('agent')).toEqual({ customers: null, contactsPerDay: null });
  });
});

describe('Who covers', () => {
  const away = aWorkload('X1', { absences: [{ fromOn: '2027-02-01', toOn: '2027-02-28' }] });

  test('is the least loaded of the others who are there, by staff number among equals', () => {
    const others = [
      aWorkload('X4', { openTasks: 2 }),
      aWorkload('X3', { openTasks: 2 }),
      aWorkload('X2', { openTasks: 9 }),
    ];
    expect(chooseAssignee(away, others, task)).toEqual({ assigneeId: 'X3', because: 'cover-absence' });
  });

  test('is nobody when all are away: the queue of the role has it', () => {
    expect(chooseAssignee(away, [{ ...away, staffId: 'X2' }], task)).toEqual({ assigneeId: null, because: 'queue' });
  });

  test('is nobody for a case that is nobody’s: its work waits for whoever gets the case', () => {
    expect(chooseAssignee(undefined, [aWorkload('X2')], task)).toEqual({ assigneeId: null, because: 'queue' });
  });
});

const someDay = fc.constantFrom('2027-02-01', '2027-02-02', '2027-02-03', '2027-02-04');
const somebody = fc
  .record({
    departedOn: fc.option(someDay),
    absences: fc.array(fc.record({ fromOn: someDay, toOn: someDay }), { maxLength: 2 }),
    openTasks: fc.nat(5),
    customers: fc.nat(3),
    customerCapacity: fc.option(fc.nat(3)),
    contacts: fc.dictionary(someDay, fc.nat(3)),
    contactsPerDay: fc.option(fc.nat(3)),
  })
  .map((facts) => aWorkload('', facts));

test('nothing is ever given to somebody who has left, is away or is full, whatever the order of the others', () => {
  fc.assert(
    fc.property(fc.array(somebody, { maxLength: 6 }), fc.boolean(), (people, isContact) => {
      const [first, ...others] = people.map((person, place) => ({ ...person, staffId: `X${place}` }));
      const asked = { ...task, isContact };
      const chosen = chooseAssignee(first, others, asked);
      const taker = [first, ...others].find((person) => person?.staffId === chosen.assigneeId);
      expect(taker && hindranceOf(taker, asked)).toBeUndefined();
      expect(chooseAssignee(first, others.toReversed(), asked)).toEqual(chosen);
    }),
  );
});
