import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { cnPendingList } from '../../src/intake/formats/cn-pending-list.ts';
import { duplicateProblem } from '../../src/intake/row-check.ts';
import { shortestTermDays } from '../../src/renewal/eligibility.ts';
import type { PolicyTerm } from '../../src/renewal/policy.ts';
import { readListAt } from './read-list.ts';
import { sharedData } from './real-lists.ts';

type Truth = { rows: number; good: number; bad: Record<string, string>; flags: Record<string, number[]> };

const truthPath = sharedData('pending-list.truth.json');

const flags: Record<string, (term: PolicyTerm) => boolean> = {
  ineligible_term: (term) => term.termDays < shortestTermDays,
  no_phone: (term) => term.customer.phone === undefined,
  no_sms_consent: (term) => !term.customer.consent.sms,
  underwriting_refused: (term) => !term.underwritingApproved,
  agent_departed: (term) => term.owners.agent?.departed ?? false,
};

describe.skipIf(!truthPath).each(['pending-list.csv', 'pending-list.xlsx'])('The real list %s', (name) => {
  let truth: Truth;
  const good = new Map<number, PolicyTerm>();
  const bad: Record<string, { column: string; reason: string }> = {};

  beforeAll(async () => {
    truth = JSON.parse(readFileSync(truthPath ?? '', 'utf8')) as Truth;
    const seen = new Set<string>();
    for (const { line, verdict } of (await readListAt(sharedData(name) ?? '')).rows) {
      if (verdict.kind === 'rejected') bad[line] = { column: verdict.column, reason: verdict.reason };
      else if (seen.has(verdict.duplicateKey)) bad[line] = duplicateProblem(cnPendingList);
      else good.set(line, verdict.term);
      if (verdict.kind === 'accepted') seen.add(verdict.duplicateKey);
    }
  });

  test('has as many rows and good ones as the truth says', () => {
    expect([good.size + Object.keys(bad).length, good.size]).toEqual([truth.rows, truth.good]);
  });

  test('has exactly the bad rows of the truth, with their reasons', () => {
    expect(Object.fromEntries(Object.entries(bad).map(([line, { reason }]) => [line, reason]))).toEqual(truth.bad);
  });

  test('names the column of each bad row as the list does', () => {
    for (const [line, { column }] of Object.entries(bad)) expect(truth.bad[line]).toContain(column);
  });

  test.each(Object.keys(flags))('has exactly the good rows that the truth calls %s', (flag) => {
    const flagged = [...good].filter(([, term]) => flags[flag]?.(term)).map(([line]) => line);
    expect(flagged).toEqual(truth.flags[flag]?.filter((line) => good.has(line)));
  });
});
