import type { CaseDeps } from '../cases/connect.ts';
import { readPlanRow } from '../db/plans/plan-rows.ts';
import { publishPlan, type Published } from '../db/plans/publish-plan.ts';
import { touchTemplateKeys } from '../messaging/templates/template.ts';
import { mayPublishFor } from '../reporting/scope/plans.ts';
import type { Viewer } from '../reporting/scope/viewer.ts';
import { badFields, conflict, notFound, Problem } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { planVersion, publishedPlan, publishing } from './schemas/stage-plans.ts';

export type PlanParts = CaseDeps & {
  /** Lets the open cases follow a published plan; asked twice for the same roll-out it starts once. */
  startRollout: (deps: CaseDeps, rolloutId: string) => Promise<void>;
};

/** Puts a draft in force; whoever wrote at it cannot (business.md, Words: the channel manager owns the plan). */
export function publishRoute(parts: PlanParts): Route {
  const { db } = parts;
  return route({
    method: 'post',
    path: '/v1/stage-plans/{version}/publish',
    summary: 'Publish a draft that somebody else wrote, and let the running cases follow',
    description: 'New cases take it at once, running ones at their next wake; those that must act sooner are told.',
    tag: 'stage plans',
    roles: ['admin', 'channel-manager'],
    params: planVersion,
    reach: 'unscoped',
    body: publishing,
    problems: [409],
    answers: { 200: { description: 'In force, with the roll-out to the running cases', schema: publishedPlan } },
    handle: async ({ person, params: { version }, body, id }) => {
      await requireOwnScope(parts, person, version);
      const asked = { ...body, version, by: person.id, requestId: id };
      const published = requirePublished(await db.transaction((tx) => publishPlan(tx, asked, touchTemplateKeys)));
      await parts.startRollout(parts, published.rolloutId);
      const { publishedBy, publishedAt, inForce } = published.row;
      return { status: 200, body: { version, rolloutId: published.rolloutId, publishedBy, publishedAt, inForce } };
    },
  });
}

/** The scope of a version never changes, so it may be looked at before the lock. */
async function requireOwnScope({ db }: PlanParts, person: Viewer, version: number): Promise<void> {
  const row = await readPlanRow(db, version);
  if (!row) throw notFound('stage plan');
  if (mayPublishFor(person, row.branchId)) return;
  const detail = 'This plan holds beyond your branch and those below it; somebody above publishes it.';
  throw new Problem({ status: 403, code: 'beyond-your-branch', detail });
}

function requirePublished(published: Published): Extract<Published, { kind: 'published' }> {
  switch (published.kind) {
    case 'published':
      return published;
    case 'unknown':
      throw notFound('stage plan');
    case 'already-published':
      throw conflict('already-published', 'This version is published already.');
    case 'discarded':
      throw conflict('no-draft', 'This draft was discarded; draft a new one, with copyOf.');
    case 'own-draft':
      throw new Problem({
        status: 403,
        code: 'second-pair-of-eyes',
        detail:
          'You wrote at this draft; a second pair of eyes is needed: another admin or a channel manager publishes it.',
      });
    case 'changed-meanwhile':
      throw draftChanged();
    case 'outdated':
      throw conflict(
        'outdated',
        `Version ${published.inForce} was published for this scope after this draft was written; copy the draft and look at the differences.`,
      );
    case 'problems':
      throw badFields(published.problems.map(({ path, message }) => ({ path, message })));
  }
}

export function draftChanged(): Problem {
  return conflict('draft-changed', 'The draft has other content by now; look at it again.');
}
