import { z } from 'zod';
import { correctResult } from '../cases/correct-result.ts';
import type { Db } from '../db/connection.ts';
import { hasRole, type Person } from '../db/staff/staff-records.ts';
import { wasNotFound } from '../db/losses/renewal-check-records.ts';
import { readResult, type Correction } from '../db/results/struck-results.ts';
import { requireApplied } from './case-answers.ts';
import { forbidden, notFound } from './doors/problem.ts';
import { requireReasonRules } from './reason-rules.ts';
import { readRenewalAnswer } from './renewals.ts';
import type { ResultParts } from './results.ts';
import { route, type Route } from './doors/route.ts';
import { checkedInstants } from './said-instants.ts';
import { id, renewalId } from './schemas/basics.ts';
import { renewalPage } from './schemas/renewals.ts';
import { correctionBody } from './schemas/results.ts';

export function correctionRoute(parts: ResultParts): Route {
  return route({
    method: 'post',
    path: '/v1/renewals/{id}/results/{resultId}/correction',
    summary: 'Strike out a mistaken result, and say what it should have been',
    description: [
      'The entry stays, marked. While the case is open, what followed from it is counted anew and the case goes on where it',
      'belongs. A close that rests on the mistake is none while T + grace lies ahead: the case is open again, unless the',
      'replacement ends it too; after that the replacement says how the case really ended, and the books change. One corrects own',
      'entries, a supervisor those of the team, a channel manager a renewal that a check did not find in the core system.',
    ].join(' '),
    tag: 'renewals',
    roles: ['agent', 'specialist', 'supervisor', 'call-centre', 'channel-manager'],
    params: z.strictObject({ id: renewalId, resultId: id }),
    reach: 'renewal',
    body: correctionBody,
    problems: [404, 409],
    answers: { 201: { description: 'Corrected; the case as it stands now', schema: renewalPage } },
    handle: async ({ person, params, body, id: requestId }) => {
      await requireMayCorrect(parts.db, person, { renewalId: params.id, resultId: params.resultId });
      const replacement =
        body.replacement &&
        (await checkedReplacement(parts, body.replacement, { id: requestId, renewalIds: [params.id] }));
      const { resultId } = params;
      const facts = { id: requestId, renewalId: params.id, resultId, reason: body.reason, by: person.id };
      requireApplied(await correctResult(parts, { ...facts, replacement }));
      return { status: 201, body: await readRenewalAnswer(parts, person, { id: params.id, reveal: false }) };
    },
  });
}

type Replacement = NonNullable<z.output<typeof correctionBody>['replacement']>;

async function checkedReplacement(
  parts: ResultParts,
  { callBackAt, occurredAt, ...fields }: Replacement,
  known: { id: string; renewalIds: readonly string[] },
): Promise<Correction['replacement']> {
  await requireReasonRules(parts.db, { ...fields, id: known.id }, 'replacement.');
  return { ...fields, ...(await checkedInstants(parts, { callBackAt, occurredAt }, known)) };
}

async function requireMayCorrect(
  db: Db,
  person: Person,
  entry: { renewalId: string; resultId: string },
): Promise<void> {
  const row = await readResult(db, entry.resultId);
  if (row?.renewalId !== entry.renewalId) throw notFound('result');
  if (row.recordedBy === person.id || hasRole(person, 'supervisor')) return;
  const isRenewal = row.result === 'renewed';
  if (isRenewal && hasRole(person, 'channel-manager') && (await wasNotFound(db, row.renewalId))) return;
  throw forbidden('A supervisor corrects what somebody else recorded.');
}
