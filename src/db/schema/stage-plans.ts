import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { branches } from './organisation.ts';

/** Versions of the stage plans; content and scope of a published one never change. A scope is a branch with those below it, a segment, both, or neither. */
export const stagePlans = pgTable(
  'stage_plans',
  {
    version: integer().primaryKey(),
    state: text().$type<'draft' | 'published' | 'discarded'>().notNull(),
    content: jsonb().notNull(),
    branchId: text().references(() => branches.id),
    segment: text(),
    /** Whether it is the newest published one of its scope, and has content of its own. */
    inForce: boolean().notNull().default(false),
    /** Published to give its scope back to the wider plan; its content is not used. */
    followsWider: boolean().notNull().default(false),
    note: text(),
    createdBy: text(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    publishedBy: text(),
    publishedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    index('stage_plans_in_force')
      .on(t.version)
      .where(sql`${t.inForce}`),
    uniqueIndex('stage_plans_one_in_force')
      .on(sql`coalesce(${t.branchId}, '')`, sql`coalesce(${t.segment}, '')`)
      .where(sql`${t.inForce}`),
    check(
      'stage_plans_published_in_force',
      sql`not ${t.inForce} or (${t.state} = 'published' and not ${t.followsWider})`,
    ),
  ],
);

/** How far the open cases have followed a published stage plan. */
export const rollouts = pgTable(
  'rollouts',
  {
    id: uuid().primaryKey(),
    planVersion: integer()
      .notNull()
      .references(() => stagePlans.version),
    state: text().$type<'running' | 'paused' | 'completed' | 'superseded'>().notNull(),
    nudgesPerSecond: integer().notNull(),
    /** Open cases that had to follow when it began, and how many the preview meant to nudge. */
    total: integer().notNull().default(0),
    looked: integer().notNull().default(0),
    followed: integer().notNull().default(0),
    nudged: integer().notNull().default(0),
    /** Cases before this id are done; a killed run goes on there. */
    cursor: text().notNull().default(''),
    startedBy: text().notNull(),
    startedAt: timestamp({ withTimezone: true }).notNull(),
    pausedBy: text(),
    /** Wall instant of its last step; the sweeper starts a running one again that stands still. */
    progressedAt: timestamp({ withTimezone: true }),
    finishedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    index('rollouts_by_plan').on(t.planVersion),
    index('rollouts_going_on')
      .on(t.state, t.startedAt)
      .where(sql`${t.state} in ('running', 'paused')`),
  ],
);
