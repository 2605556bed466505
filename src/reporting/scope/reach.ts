import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Db } from '../../db/connection.ts';
import { concessions } from '../../db/schema/concessions.ts';
import { fleets } from '../../db/schema/fleets.ts';
import { handovers } from '../../db/schema/handovers.ts';
import { imports } from '../../db/schema/imports.ts';
import { branches, staff, teams } from '../../db/schema/organisation.ts';
import { lossChecks } from '../../db/schema/loss-checks.ts';
import { messages } from '../../db/schema/messages.ts';
import { renewals } from '../../db/schema/renewals.ts';
import { staffMessages } from '../../db/schema/staff-messages.ts';
import { suppressedAddresses } from '../../db/schema/suppressed-addresses.ts';
import { tasks } from '../../db/schema/tasks.ts';
import { concessionsVisibleTo } from './concessions.ts';
import { fleetsVisibleTo } from './fleets.ts';
import { handoversVisibleTo } from './handovers.ts';
import { importsVisibleTo } from './imports.ts';
import { lossChecksVisibleTo } from './loss-checks.ts';
import { messagesVisibleTo } from './messages.ts';
import { branchesVisibleTo, teamsVisibleTo } from './organisation.ts';
import { renewalsVisibleTo } from './renewals.ts';
import { leaveVisibleTo, staffMessagesVisibleTo, staffVisibleTo } from './staff.ts';
import { suppressedVisibleTo } from './suppressed-addresses.ts';
import { tasksVisibleTo } from './tasks.ts';
import type { Viewer } from './viewer.ts';

/** What the `id` in a path names. */
export type Reach =
  | 'renewal'
  | 'fleet'
  | 'task'
  | 'hand-over'
  | 'concession'
  | 'loss-check'
  | 'person'
  | 'leave'
  | 'branch'
  | 'team'
  | 'import'
  | 'message'
  | 'suppressed-address'
  | 'staff-message';

/** Whether somebody may reach the thing that a path names; an unknown one is as much out of reach as a foreign one. */
export async function mayReach(db: Db, viewer: Viewer, { reach, id }: { reach: Reach; id: string }): Promise<boolean> {
  const { table, where } = lookUp(db, viewer, { reach, id });
  const rows = await db
    .select({ one: sql`1` })
    .from(table)
    .where(where)
    .limit(1);
  return rows.length > 0;
}

type LookUp = { table: PgTable; where: SQL | undefined };

function lookUp(db: Db, viewer: Viewer, { reach, id }: { reach: Reach; id: string }): LookUp {
  switch (reach) {
    case 'renewal':
      return { table: renewals, where: and(eq(renewals.id, id), renewalsVisibleTo(viewer)) };
    case 'fleet':
      return { table: fleets, where: and(eq(fleets.id, id), fleetsVisibleTo(viewer, db)) };
    case 'task':
      return { table: tasks, where: and(eq(tasks.id, id), tasksVisibleTo(viewer, db)) };
    case 'hand-over':
      return { table: handovers, where: and(eq(handovers.id, id), handoversVisibleTo(viewer, db)) };
    case 'concession':
      return { table: concessions, where: and(eq(concessions.id, id), concessionsVisibleTo(viewer, db)) };
    case 'loss-check':
      return { table: lossChecks, where: and(eq(lossChecks.id, id), lossChecksVisibleTo(viewer)) };
    case 'person':
      return { table: staff, where: and(eq(staff.id, id), staffVisibleTo(viewer)) };
    case 'leave':
      return { table: staff, where: and(eq(staff.id, id), leaveVisibleTo(viewer)) };
    case 'branch':
      return { table: branches, where: and(eq(branches.id, id), branchesVisibleTo(viewer)) };
    case 'team':
      return { table: teams, where: and(eq(teams.id, id), teamsVisibleTo(viewer)) };
    case 'import':
      return { table: imports, where: and(eq(imports.id, id), importsVisibleTo(viewer)) };
    case 'message':
      return { table: messages, where: and(eq(messages.id, id), messagesVisibleTo(viewer, db)) };
    case 'suppressed-address':
      return {
        table: suppressedAddresses,
        where: and(eq(suppressedAddresses.id, id), suppressedVisibleTo(viewer, db)),
      };
    case 'staff-message':
      return { table: staffMessages, where: and(eq(staffMessages.id, id), staffMessagesVisibleTo(viewer, db)) };
  }
}
