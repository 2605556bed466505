import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { roles } from '../db/staff/staff-records.ts';
import { countOpenTasks } from '../reporting/task-list.ts';
import { route, type Route } from './doors/route.ts';
import { code, role, staffId } from './schemas/basics.ts';

const me = z
  .strictObject({
    id: staffId,
    name: z.string(),
    roles: z.array(role),
    branchId: code.nullable(),
    teamId: code.nullable(),
    openTasks: z.number().int(),
  })
  .meta({ id: 'Me' });

export function meRoute({ db }: { db: Db }): Route {
  return route({
    method: 'get',
    path: '/v1/me',
    summary: 'Who the token stands for',
    tag: 'staff',
    roles,
    answers: { 200: { description: 'The staff record', schema: me } },
    handle: async ({ person }) => {
      const { id, name, roles: held, branchId, teamId } = person;
      return {
        status: 200,
        body: { id, name, roles: held, branchId, teamId, openTasks: await countOpenTasks(db, person) },
      };
    },
  });
}
