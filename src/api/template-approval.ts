import { approveTemplate, retireTemplate, type Approved } from '../db/templates/approve-template.ts';
import { findTemplateProblems } from '../messaging/templates/check-template.ts';
import { mayPublishFor } from '../reporting/scope/plans.ts';
import type { Viewer } from '../reporting/scope/viewer.ts';
import { badFields, conflict, notFound, Problem } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { templateApproval, templatePage, templateParams } from './schemas/templates.ts';
import { readTemplateAnswer, readTemplateId, type TemplateParts } from './template-answer.ts';

const tag = 'templates';

/** Puts a draft in force; whoever wrote it cannot. */
export function approveRoute({ db }: TemplateParts): Route {
  return route({
    method: 'post',
    path: '/v1/templates/{id}/approve',
    summary: 'Approve a draft that somebody else wrote: messages are written by it from now on',
    tag,
    roles: ['admin', 'channel-manager'],
    params: templateParams,
    reach: 'unscoped',
    body: templateApproval,
    problems: [409],
    answers: { 200: { description: 'The version, in force', schema: templatePage } },
    handle: async ({ person, params, body }) => {
      requireAllBranches(person);
      const id = readTemplateId(params.id);
      if (id.version === 0) throw alreadyApproved();
      const { key, language } = id;
      requireApproved(
        await db.transaction((tx) =>
          approveTemplate(tx, { ...id, ...body, by: person.id }, (content) =>
            findTemplateProblems({ key, language, content }),
          ),
        ),
      );
      return { status: 200, body: await readTemplateAnswer(db, id) };
    },
  });
}

function requireApproved(approved: Approved): void {
  switch (approved.kind) {
    case 'approved':
      return;
    case 'unknown':
      throw notFound('template');
    case 'retired':
      throw conflict('no-draft', 'This version is retired; draft its content again, with copyOf.');
    case 'already-approved':
      throw alreadyApproved();
    case 'own-draft':
      throw new Problem({
        status: 403,
        code: 'second-pair-of-eyes',
        detail:
          'You wrote this draft; a second pair of eyes is needed: another admin or a channel manager approves it.',
      });
    case 'other-content':
      throw conflict('draft-changed', 'The draft has other content than you looked at; look at it again.');
    case 'outdated':
      throw conflict(
        'outdated',
        `Version ${approved.inForce} was approved after this draft was written; copy the draft and look at the differences.`,
      );
    case 'problems':
      throw badFields(approved.problems);
  }
}

function alreadyApproved(): Problem {
  return conflict('already-approved', 'This version is approved already.');
}

/** The way back from a text that should not have gone out; what comes into force again was approved before. */
export function retireRoute({ db }: TemplateParts): Route {
  return route({
    method: 'post',
    path: '/v1/templates/{id}/retire',
    summary: 'Take a version out of use for good; what was approved before it is in force again',
    description: 'A draft is laid aside. The text that ships cannot be retired: it is what is left in the end.',
    tag,
    roles: ['admin', 'channel-manager'],
    params: templateParams,
    reach: 'unscoped',
    problems: [409],
    answers: { 200: { description: 'The version, retired', schema: templatePage } },
    handle: async ({ person, params }) => {
      requireAllBranches(person);
      const id = readTemplateId(params.id);
      if (id.version === 0) throw conflict('ships', 'The text that ships is never retired.');
      const { kind } = await db.transaction((tx) => retireTemplate(tx, { ...id, by: person.id }));
      if (kind === 'unknown') throw notFound('template');
      return { status: 200, body: await readTemplateAnswer(db, id) };
    },
  });
}

/** A text goes to the customers of all branches. */
function requireAllBranches(person: Viewer): void {
  if (mayPublishFor(person, null)) return;
  const detail = 'A text holds beyond your branch and those below it; somebody above decides on it.';
  throw new Problem({ status: 403, code: 'beyond-your-branch', detail });
}
