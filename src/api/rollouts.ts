import { z } from 'zod';
import type { CaseDeps } from '../cases/connect.ts';
import { pauseRollout, resumeRollout } from '../cases/rollouts.ts';
import type { SteeredRollout } from '../db/plans/rollout-records.ts';
import { roles, type Role } from '../db/staff/staff-records.ts';
import { listRollouts, minutesLeft, readRolloutPage, type RolloutOnPage } from '../reporting/rollout-list.ts';
import { mayPublishFor } from '../reporting/scope/plans.ts';
import type { Viewer } from '../reporting/scope/viewer.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { conflict, notFound, Problem } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { id as uuid, listOf } from './schemas/basics.ts';
import { rolloutFilters, rolloutId, rolloutPage } from './schemas/rollouts.ts';
import { planNumber } from './schemas/stage-plans.ts';

const tag = 'stage plans';
const readers: readonly Role[] = roles.filter((role) => role !== 'core-system');
const position = z.object({ planVersion: planNumber, id: uuid });

export function rolloutRoutes(deps: CaseDeps): Route[] {
  return [listRoute(deps), oneRoute(deps), pauseRoute(deps), resumeRoute(deps)];
}

function listRoute({ db }: CaseDeps): Route {
  return route({
    method: 'get',
    path: '/v1/rollouts',
    summary: 'How far running cases have followed each published stage plan',
    tag,
    roles: readers,
    query: rolloutFilters,
    answers: { 200: { description: 'One page, the newest plan first', schema: listOf(rolloutPage) } },
    handle: async ({ person, query }) => {
      const { limit, cursor: written, ...filters } = query;
      const before = readCursor('rollouts', position, written);
      const rows = await listRollouts(db, { viewer: person, filters, before, limit: limit + 1 });
      const cursor = ({ planVersion, id }: RolloutOnPage): string => writeCursor('rollouts', { planVersion, id });
      return { status: 200, body: pageOf(rows, limit, { item: answerOf, cursor }) };
    },
  });
}

function oneRoute(deps: CaseDeps): Route {
  return route({
    method: 'get',
    path: '/v1/rollouts/{id}',
    summary: 'How far running cases have followed a published stage plan',
    tag,
    roles: readers,
    params: rolloutId,
    reach: 'unscoped',
    answers: { 200: { description: 'The roll-out', schema: rolloutPage } },
    handle: async ({ person, params: { id } }) => ({ status: 200, body: answerOf(await pageOne(deps, person, id)) }),
  });
}

function pauseRoute(deps: CaseDeps): Route {
  return route({
    method: 'post',
    path: '/v1/rollouts/{id}/pause',
    summary: 'Let a roll-out stand still',
    description: 'The plan stays in force: cases that wake by themselves follow it all the same.',
    tag,
    roles: ['admin', 'channel-manager'],
    params: rolloutId,
    reach: 'unscoped',
    problems: [409],
    answers: { 200: { description: 'The roll-out, paused', schema: rolloutPage } },
    handle: async ({ person, params: { id } }) => {
      await requireOwnScope(deps, person, id);
      requireSteered(await pauseRollout(deps, { id, by: person.id }));
      return { status: 200, body: answerOf(await pageOne(deps, person, id)) };
    },
  });
}

function resumeRoute(deps: CaseDeps): Route {
  return route({
    method: 'post',
    path: '/v1/rollouts/{id}/resume',
    summary: 'Let a paused roll-out go on where it stood',
    tag,
    roles: ['admin', 'channel-manager'],
    params: rolloutId,
    reach: 'unscoped',
    problems: [409, 503],
    answers: { 200: { description: 'The roll-out, running', schema: rolloutPage } },
    handle: async ({ person, params: { id } }) => {
      await requireOwnScope(deps, person, id);
      requireSteered(await resumeRollout(deps, { id, by: person.id }));
      return { status: 200, body: answerOf(await pageOne(deps, person, id)) };
    },
  });
}

/** Who may put a plan in force may also let its roll-out stand still. */
async function requireOwnScope(deps: CaseDeps, person: Viewer, id: string): Promise<void> {
  const { branchId } = await pageOne(deps, person, id);
  if (mayPublishFor(person, branchId)) return;
  const detail = 'This plan holds beyond your branch and those below it; somebody above steers its roll-out.';
  throw new Problem({ status: 403, code: 'beyond-your-branch', detail });
}

function requireSteered({ kind }: SteeredRollout): void {
  switch (kind) {
    case 'steered':
    case 'already':
      return;
    case 'unknown':
      throw notFound('roll-out');
    case 'over':
      throw conflict('rollout-over', 'This roll-out is over: every case follows, or a newer plan took its place.');
  }
}

async function pageOne({ db }: CaseDeps, viewer: Viewer, id: string): Promise<RolloutOnPage> {
  const row = await readRolloutPage(db, viewer, id);
  if (!row) throw notFound('roll-out');
  return row;
}

function answerOf(row: RolloutOnPage) {
  const { cursor: _cursor, progressedAt: _progressedAt, branchId: _branchId, ...shown } = row;
  return { ...shown, minutesLeft: minutesLeft(row) };
}
