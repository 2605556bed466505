import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { changeDraft, discardDraft, draftPlan, type DraftSource } from '../db/plans/draft-records.ts';
import { roles, type Role } from '../db/staff/staff-records.ts';
import { touchTemplateKeys } from '../messaging/templates/template.ts';
import { listPlans, readPlanPage } from '../reporting/plan-list.ts';
import type { Viewer } from '../reporting/scope/viewer.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { badFields, conflict, notFound } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { listOf } from './schemas/basics.ts';
import { stagePlanContent } from './schemas/stage-plan-content.ts';
import {
  newPlan,
  planChange,
  planFilters,
  planNumber,
  planPage,
  planSummary,
  planVersion,
} from './schemas/stage-plans.ts';
import { draftChanged, publishRoute, type PlanParts } from './stage-plan-publishing.ts';

const tag = 'stage plans';
const readers: readonly Role[] = roles.filter((role) => role !== 'core-system');

export function stagePlanRoutes(parts: PlanParts): Route[] {
  return [
    listRoute(parts),
    oneRoute(parts),
    draftRoute(parts),
    changeRoute(parts),
    discardRoute(parts),
    publishRoute(parts),
  ];
}

function listRoute({ db }: PlanParts): Route {
  return route({
    method: 'get',
    path: '/v1/stage-plans',
    summary: 'The versions of the stage plans',
    tag,
    roles: readers,
    query: planFilters,
    answers: { 200: { description: 'One page, the newest first', schema: listOf(planSummary) } },
    handle: async ({ person, query }) => {
      const { limit, cursor: written, ...filters } = query;
      const before = readCursor('stage-plans', z.object({ version: planNumber }), written)?.version;
      const rows = await listPlans(db, { viewer: person, filters, before, limit: limit + 1 });
      const cursor = ({ version }: (typeof rows)[number]): string => writeCursor('stage-plans', { version });
      const item = ({ content: _content, ...summary }: (typeof rows)[number]) => summary;
      return { status: 200, body: pageOf(rows, limit, { item, cursor }) };
    },
  });
}

function oneRoute({ db }: PlanParts): Route {
  return route({
    method: 'get',
    path: '/v1/stage-plans/{version}',
    summary: 'A stage plan, what keeps it from being published, and what it would change',
    tag,
    roles: readers,
    params: planVersion,
    reach: 'unscoped',
    answers: { 200: { description: 'The stage plan', schema: planPage } },
    handle: async ({ person, params }) => ({ status: 200, body: await pageOfPlan(db, person, params.version) }),
  });
}

function draftRoute({ db }: PlanParts): Route {
  return route({
    method: 'post',
    path: '/v1/stage-plans',
    summary: 'Draft a stage plan: new content, that of an older version, or none of its own',
    description: 'A draft may have problems; the answer lists them. Somebody else publishes it.',
    tag,
    roles: ['admin'],
    body: newPlan,
    answers: { 201: { description: 'The draft', schema: planPage } },
    handle: async ({ person, body, id }) => {
      const { content, copyOf, followsWider: _followsWider, note, ...scope } = body;
      const source = sourceOf({ content, copyOf });
      const draft = { source, scope, note, by: person.id, requestId: id };
      const drafted = await db.transaction((tx) => draftPlan(tx, draft));
      switch (drafted.kind) {
        case 'drafted':
          return { status: 201, body: await pageOfPlan(db, person, drafted.row.version) };
        case 'unknown-branch':
          throw badFields([{ path: 'branchId', message: 'There is no such branch' }]);
        case 'unknown-copy':
          throw badFields([{ path: 'copyOf', message: 'There is no such version with content of its own' }]);
        case 'no-scope':
          throw badFields([
            { path: 'followsWider', message: 'Needs a branch or a segment; nothing is wider than all' },
          ]);
      }
    },
  });
}

function sourceOf({ content, copyOf }: Pick<z.output<typeof newPlan>, 'content' | 'copyOf'>): DraftSource {
  if (content) return { kind: 'content', content };
  return copyOf === undefined ? { kind: 'follows-wider' } : { kind: 'copy', of: copyOf };
}

function changeRoute({ db }: PlanParts): Route {
  return route({
    method: 'put',
    path: '/v1/stage-plans/{version}',
    summary: 'Change a draft',
    description: 'Published versions never change; draft a new one.',
    tag,
    roles: ['admin'],
    params: planVersion,
    reach: 'unscoped',
    body: planChange,
    problems: [409],
    answers: { 200: { description: 'The draft', schema: planPage } },
    handle: async ({ person, params, body }) => {
      const change = { ...params, ...body, by: person.id };
      requireDraft(await db.transaction((tx) => changeDraft(tx, change)));
      return { status: 200, body: await pageOfPlan(db, person, params.version) };
    },
  });
}

function discardRoute({ db }: PlanParts): Route {
  return route({
    method: 'post',
    path: '/v1/stage-plans/{version}/discard',
    summary: 'Lay a draft aside for good',
    tag,
    roles: ['admin'],
    params: planVersion,
    reach: 'unscoped',
    problems: [409],
    answers: { 200: { description: 'The version, discarded', schema: planPage } },
    handle: async ({ person, params }) => {
      requireDraft(await db.transaction((tx) => discardDraft(tx, { ...params, by: person.id })));
      return { status: 200, body: await pageOfPlan(db, person, params.version) };
    },
  });
}

function requireDraft({ kind }: Awaited<ReturnType<typeof changeDraft>>): void {
  switch (kind) {
    case 'changed':
      return;
    case 'unknown':
      throw notFound('stage plan');
    case 'no-draft':
      throw conflict('no-draft', 'This version is no draft any more and never changes; draft a new one, with copyOf.');
    case 'changed-meanwhile':
      throw draftChanged();
    case 'follows-wider':
      throw conflict('follows-wider', 'This version gives its scope back and has no content; draft a new one.');
  }
}

async function pageOfPlan(db: Db, viewer: Viewer, version: number) {
  const page = await readPlanPage(db, { viewer, version, templates: touchTemplateKeys });
  if (!page) throw notFound('stage plan');
  // Written in the order in which people read it; PostgreSQL keeps fields in an order of its own.
  return { ...page, content: page.content && stagePlanContent.parse(page.content) };
}
