import { conflict, badFields, notFound } from './doors/problem.ts';
import type { UpkeepAnswer } from '../db/staff/organisation-records.ts';

/** The row that was entered or changed; a refusal of the organisation's rules as its problem. */
export function requireDone<Row>(answer: UpkeepAnswer<Row>, what: 'branch' | 'team'): Row {
  switch (answer.kind) {
    case 'done':
      return answer.row;
    case 'unknown':
      throw notFound(what);
    case 'taken':
      throw conflict('taken', `There is a ${what} with this id already.`);
    case 'unknown-parent':
      throw badFields([{ path: 'parentId', message: 'There is no such branch' }]);
    case 'cycle':
      throw conflict('branch-cycle', 'A branch cannot lie below itself.');
    case 'other-plan':
      throw conflict(
        'plan-would-change',
        'There its open cases would follow another stage plan, which nobody has previewed or published for them. Give the branch a plan of its own first; after the move, give that scope back.',
      );
    case 'unknown-branch':
      throw badFields([{ path: 'branchId', message: 'There is no such branch' }]);
    case 'no-supervisor':
      throw badFields([{ path: 'supervisorId', message: 'No supervisor who is still here has this staff number' }]);
    case 'supervisor-elsewhere':
      throw badFields([{ path: 'supervisorId', message: 'Works in another branch, neither the team’s nor one above' }]);
    case 'has-members':
      throw conflict('has-members', `${answer.members} people belong to this team; they move first.`);
  }
}
