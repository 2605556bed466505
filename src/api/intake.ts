import { z } from 'zod';
import { runIntake } from '../cases/run-intake.ts';
import { readIntakeRun } from '../db/cases/intake-records.ts';
import type { Db } from '../db/connection.ts';
import type { Role } from '../db/staff/staff-records.ts';
import { leftOutReasons } from '../renewal/eligibility.ts';
import { listLeftOut } from '../reporting/left-out-policies.ts';
import type { CaseDeps } from '../cases/connect.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { notFound } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { code, day, id, listOf, paging, policyNumber } from './schemas/basics.ts';

export const importManagers: readonly Role[] = ['admin', 'channel-manager'];

const tag = 'intake';

const intakeRun = z
  .strictObject({
    id,
    state: z.enum(['running', 'completed', 'failed']),
    opened: z.number().int(),
    alreadyOpen: z.number().int(),
    leftOut: z.record(z.string(), z.number().int()).meta({ description: 'How many by reason' }),
  })
  .meta({ id: 'IntakeRun' });

const leftOutPolicy = z
  .strictObject({
    id,
    policyNumber,
    startsOn: day,
    expiresOn: day,
    coverType: code,
    branchId: code,
    reason: z.enum(leftOutReasons),
  })
  .meta({ id: 'LeftOutPolicy' });

export function intakeRoutes(parts: CaseDeps): Route[] {
  return [runRoute(parts), oneRunRoute(parts), leftOutRoute(parts)];
}

function runRoute(parts: CaseDeps): Route {
  return route({
    method: 'post',
    path: '/v1/intake',
    summary: 'Run the nightly intake now',
    description: 'Answers once it is done; one that takes longer goes on, and is read by its id.',
    tag,
    roles: importManagers,
    body: z.strictObject({}).default({}),
    answers: {
      200: { description: 'Done', schema: intakeRun },
      202: { description: 'Still running', schema: intakeRun },
    },
    handle: async ({ person, id: runId }) => {
      const run = await runIntake(parts, { id: runId, requestedBy: person.id });
      return { status: run.state === 'running' ? 202 : 200, body: run };
    },
  });
}

function oneRunRoute({ db }: { db: Db }): Route {
  return route({
    method: 'get',
    path: '/v1/intake/{id}',
    summary: 'One run of the intake, asked for or nightly, with what it has done so far',
    tag,
    roles: importManagers,
    params: z.strictObject({ id }),
    // A run goes over the whole book and answers counts alone.
    reach: 'unscoped',
    problems: [404],
    answers: { 200: { description: 'The run', schema: intakeRun } },
    handle: async ({ params }) => {
      const run = await readIntakeRun(db, params.id);
      if (!run) throw notFound('run');
      const { id: runId, state, opened, alreadyOpen, leftOut } = run;
      return { status: 200, body: { id: runId, state, opened, alreadyOpen, leftOut } };
    },
  });
}

function leftOutRoute({ db }: { db: Db }): Route {
  return route({
    method: 'get',
    path: '/v1/policies',
    summary: 'Policies that the last intake left out, and why',
    tag,
    roles: importManagers,
    query: z.strictObject({ eligible: z.literal('false'), reason: z.enum(leftOutReasons).optional(), ...paging }),
    answers: { 200: { description: 'One page', schema: listOf(leftOutPolicy) } },
    handle: async ({ person, query }) => {
      const from = readCursor('left-out', z.object({ reason: z.string(), id }), query.cursor);
      const rows = await listLeftOut(db, { viewer: person, reason: query.reason, from, limit: query.limit + 1 });
      const cursor = (row: (typeof rows)[number]): string =>
        writeCursor('left-out', { reason: row.reason, id: row.id });
      return { status: 200, body: pageOf(rows, query.limit, { item: (row) => row, cursor }) };
    },
  });
}
