import { expect, test } from 'vitest';
import { decisionRules } from '../../src/renewal/decision-rules.ts';
import { otherCase, otherMessage } from './case-table.ts';
import { otherWork } from './other-work-table.ts';
import { otherPeople } from './people-table.ts';
import { withoutReason } from './sending-table.ts';

/** Found anew, and changed, where new owners are (owners.db.test.ts); a person's word is only told. */
const ofOwners = ['hand-over', 'own-team-least-load', 'branch-least-load'];
/** A claim that comes before the touch writes no entry: nothing was decided. */
const neverWritten = ['not-due'];

test('Every rule that a journal can name is taken again by a separate reading of the rules', () => {
  const tables = [withoutReason, otherPeople, otherCase, otherMessage, otherWork].flatMap((one) => Object.keys(one));
  const known = new Set([...tables, ...ofOwners, ...neverWritten]);
  expect(decisionRules.filter((rule) => !known.has(rule))).toEqual([]);
  expect([...known].filter((rule) => !decisionRules.some((one) => one === rule))).toEqual([]);
});
