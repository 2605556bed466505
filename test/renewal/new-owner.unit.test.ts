import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { spreadOrphans, type Colleague } from '../../src/renewal/new-owner.ts';

function aColleague(id: string, facts: Partial<Colleague> = {}): Colleague {
  return {
    id,
    teamId: 'T1',
    roles: ['agent'],
    openCases: 0,
    customerCapacity: null,
    departed: false,
    absent: false,
    ...facts,
  };
}

const spread = (colleagues: Colleague[], cases = 1, teamId: string | null = 'T1') =>
  spreadOrphans(
    Array.from({ length: cases }, (_, turn) => ({ renewalId: `R${turn}`, teamId })),
    { role: 'agent', colleagues },
  );

describe('An orphan by rule goes', () => {
  test('to the colleague of its team with the fewest open cases', () => {
    expect(spread([aColleague('A1', { openCases: 9 }), aColleague('A2', { openCases: 4 })])).toMatchObject([
      {
        renewalId: 'R0',
        ownerId: 'A2',
        rule: 'own-team-least-load',
        openCases: 4,
        candidates: [{ id: 'A2' }, { id: 'A1' }],
      },
    ]);
  });

  test('to the lower staff number when loads are equal', () => {
    expect(spread([aColleague('A2'), aColleague('A1')])).toMatchObject([{ ownerId: 'A1' }]);
  });

  test('to another team of the branch only when its own has nobody', () => {
    const ofT2 = aColleague('B1', { teamId: 'T2' });
    expect(spread([ofT2, aColleague('A1', { openCases: 500 })])).toMatchObject([{ ownerId: 'A1' }]);
    expect(spread([ofT2])).toMatchObject([{ ownerId: 'B1', rule: 'branch-least-load' }]);
    expect(spread([ofT2], 1, null)).toMatchObject([{ ownerId: 'B1', rule: 'branch-least-load' }]);
  });

  test.each([
    ['who has left', { departed: true }],
    ['who is on leave', { absent: true }],
    ['of another role', { roles: ['supervisor'] }],
    ['who is full', { openCases: 5, customerCapacity: 5 }],
  ])('to nobody %s', (_why, facts) => {
    expect(spread([aColleague('A1', facts)])).toEqual([]);
  });

  test('nowhere once everybody is full', () => {
    expect(spread([aColleague('A1', { customerCapacity: 2 })], 3)).toHaveLength(2);
  });
});

const colleagues = fc
  .uniqueArray(fc.record({ id: fc.string({ minLength: 1, maxLength: 3 }), openCases: fc.nat({ max: 20 }) }), {
    selector: ({ id }) => id,
    minLength: 1,
    maxLength: 6,
  })
  .map((all) => all.map(({ id, openCases }) => aColleague(id, { openCases })));

describe('A list of orphans', () => {
  test('leaves nobody who got a case with two more than a colleague of the team', () => {
    fc.assert(
      fc.property(colleagues, fc.nat({ max: 60 }), (all, cases) => {
        const given = spread(all, cases);
        const loads = new Map(all.map(({ id, openCases }) => [id, openCases]));
        for (const { ownerId } of given) loads.set(ownerId, (loads.get(ownerId) ?? 0) + 1);
        const least = Math.min(...loads.values());
        for (const { ownerId } of given) expect(loads.get(ownerId)).toBeLessThanOrEqual(least + 1);
      }),
    );
  });

  test('is spread the same whatever the order of colleagues', () => {
    fc.assert(
      fc.property(colleagues, fc.nat({ max: 30 }), (all, cases) => {
        expect(spread(all.toReversed(), cases)).toEqual(spread(all, cases));
      }),
    );
  });
});
