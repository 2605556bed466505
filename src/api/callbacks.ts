import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { recordFinding, type Finding } from '../db/losses/loss-finding-records.ts';
import { listLossChecks, readLossCheck, type LossCheckItem } from '../reporting/loss-checks.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { badFields, notFound, Problem } from './doors/problem.ts';
import { requireFoundReason } from './reason-rules.ts';
import { route, type Route } from './doors/route.ts';
import { id, listOf, storedInstant } from './schemas/basics.ts';
import { callback, callbackFilters, findingBody } from './schemas/callbacks.ts';

const tag = 'losses';

export function callbackRoutes({ db }: { db: Db }): Route[] {
  return [listRoute(db), findingRoute(db)];
}

const position = z.object({ dueAt: storedInstant, id });

function listRoute(db: Db): Route {
  return route({
    method: 'get',
    path: '/v1/callbacks',
    summary: 'Lost cases drawn for a call-back, by due time',
    description:
      'Each month a sample of the lost cases of the month before is drawn; the customer is asked for the reason.',
    tag,
    roles: ['channel-manager', 'general-manager', 'admin', 'auditor'],
    query: callbackFilters,
    answers: { 200: { description: 'One page', schema: listOf(callback) } },
    handle: async ({ person, query }) => {
      const { limit, cursor: written, ...filters } = query;
      const from = readCursor('callbacks', position, written);
      const rows = await listLossChecks(db, { viewer: person, filters, from, limit: limit + 1 });
      const cursor = ({ check, sortValue }: LossCheckItem): string =>
        writeCursor('callbacks', { dueAt: sortValue, id: check.id });
      return { status: 200, body: pageOf(rows, limit, { item: callbackAnswer, cursor }) };
    },
  });
}

function findingRoute(db: Db): Route {
  return route({
    method: 'post',
    path: '/v1/callbacks/{id}/finding',
    summary: 'Record what the call-back found',
    description: [
      'Completes the task. A reason that the customer does not confirm is replaced in the books by the actual one; the old one',
      'stays here and in the journal. The same finding again gives the same answer, another one is a conflict.',
    ].join(' '),
    tag,
    roles: ['channel-manager'],
    params: z.strictObject({ id }),
    reach: 'loss-check',
    body: findingBody,
    problems: [404, 409],
    answers: { 200: { description: 'The check with its finding', schema: callback } },
    handle: async ({ person, params, body }) => {
      const known = await readLossCheck(db, person, params.id);
      if (!known) throw notFound('call-back');
      if (known.check.confirmed === null) await requireFoundReason(db, body);
      const finding = findingOf(body, { checkId: params.id, by: person.id, lossReason: known.check.lossReason });
      const answer = await db.transaction((tx) => recordFinding(tx, finding));
      if (answer.kind === 'unknown') throw notFound('call-back');
      if (answer.kind === 'decided') throw decided(answer.check.state);
      return { status: 200, body: callbackAnswer({ ...known, check: answer.check }) };
    },
  });
}

type Found = z.output<typeof findingBody>;

function findingOf(
  body: Found,
  { lossReason, ...known }: { checkId: string; by: string; lossReason: string },
): Finding {
  const { confirmed, actualReason, note } = body;
  if (confirmed || actualReason === undefined) return { ...known, note, confirmed: true };
  if (actualReason === lossReason) {
    throw badFields([{ path: 'actualReason', message: 'Is the recorded reason; confirm it instead' }]);
  }
  return { ...known, note, confirmed, actualReason };
}

function decided(state: string): Problem {
  return new Problem({ status: 409, code: 'check-decided', detail: `This call-back has a finding already: ${state}.` });
}

function callbackAnswer({ check, policyNumber }: Pick<LossCheckItem, 'check' | 'policyNumber'>) {
  return { ...check, policyNumber };
}
