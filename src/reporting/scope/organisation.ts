import { inArray, type SQL } from 'drizzle-orm';
import { branches, teams } from '../../db/schema/organisation.ts';
import { inBranch, seenByLeaders, type Viewer } from './viewer.ts';

/** The branches somebody may see, as a condition on `branches`: leaders their own, managers also those below, admin and auditor all. */
export function branchesVisibleTo(viewer: Viewer): SQL {
  return seenByLeaders(viewer, { led: inBranch(viewer, branches.id), branch: branches.id });
}

/** The teams somebody may see, as a condition on `teams`: leaders those they lead or belong to, managers their branches', admin and auditor all. */
export function teamsVisibleTo(viewer: Viewer): SQL {
  return seenByLeaders(viewer, { led: inArray(teams.id, viewer.teams), branch: teams.branchId });
}
