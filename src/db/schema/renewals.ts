import { sql } from 'drizzle-orm';
import { boolean, date, index, integer, pgTable, text, timestamp, uuid, type AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Outcome } from '../../renewal/loss.ts';
import { branches, staff, teams } from './organisation.ts';
import { fleets } from './fleets.ts';
import { policies } from './policies.ts';

/** The case that works one expiring policy term; its id is the id of its workflow. */
export const renewals = pgTable(
  'renewals',
  {
    id: text().primaryKey(),
    policyId: uuid()
      .notNull()
      .unique()
      .references(() => policies.id),
    branchId: text()
      .notNull()
      .references(() => branches.id),
    teamId: text().references(() => teams.id),
    ownerId: text().references(() => staff.id),
    /** The manager in charge, who joins every task of a key customer. */
    managerId: text().references(() => staff.id),
    fleetId: text().references(() => fleets.id),
    /** The lost case of the same vehicle a year before. */
    winBackOf: text().references((): AnyPgColumn => renewals.id),
    segment: text().notNull(),
    priority: integer().notNull(),
    expiresOn: date({ mode: 'string' }).notNull(),
    /** The day on which a correction moved the expiry so far back that the grace days had passed: they count from here. */
    graceFrom: date({ mode: 'string' }),
    /** Counts corrections of the expiry and reopenings, so that a case notices that its plan is stale. */
    expiryRevision: integer().notNull().default(0),
    /** The correction its workflow has armed its timers for; the sweeper nudges a case that lags behind. */
    armedRevision: integer().notNull().default(0),
    /** The stage plan that its stage, messages and tasks follow. */
    planVersion: integer().notNull(),
    /** The stage plan that its workflow is known to have armed its timers by; another one may mean that it sleeps too long. */
    armedPlanVersion: integer().notNull().default(0),
    /** The published version whose roll-out told its workflow last, so that a roll-out that goes on tells nobody twice. */
    toldPlanVersion: integer().notNull().default(0),
    stage: text(),
    stageOpenedAt: timestamp({ withTimezone: true }),
    stageEndsAt: timestamp({ withTimezone: true }),
    /** Whether a result that counts came since the stage opened. */
    resultCounted: boolean().notNull().default(false),
    nextActionAt: timestamp({ withTimezone: true }),
    nextAction: text(),
    handedOutAt: timestamp({ withTimezone: true }),
    confirmedAt: timestamp({ withTimezone: true }),
    attempts: integer().notNull().default(0),
    callBackAt: timestamp({ withTimezone: true }),
    refusedContactAt: timestamp({ withTimezone: true }),
    secondRoundDueAt: timestamp({ withTimezone: true }),
    secondRoundReason: text(),
    /** Nothing is sent or escalated until then; empty when nobody holds the case. */
    heldUntil: timestamp({ withTimezone: true }),
    holdReason: text(),
    /** Touches that were due before this instant were missed while the case paused. */
    touchesFrom: timestamp({ withTimezone: true }),
    /** Counts holds and their early ends, so that a late word of one does not undo the next. */
    holdRevision: integer().notNull().default(0),
    /** The one that its workflow has been told; the sweeper tells a case that lags behind. */
    toldHoldRevision: integer().notNull().default(0),
    escalated: boolean().notNull().default(false),
    callCentreSince: timestamp({ withTimezone: true }),
    orphanedAt: timestamp({ withTimezone: true }),
    unownedSeconds: integer().notNull().default(0),
    outcome: text().$type<Outcome['kind']>(),
    lossReason: text(),
    /** False once it turned out that the term could not be renewed (sold, scrapped, cancelled): outside the rate. */
    renewable: boolean().notNull().default(true),
    receivingChannel: text(),
    newPolicyNumber: text(),
    /** Renewed before the bind clock opened. */
    renewedEarly: boolean().notNull().default(false),
    openedAt: timestamp({ withTimezone: true }).notNull(),
    closedAt: timestamp({ withTimezone: true }),
    /** Set when a correction after the close changed the book or its reason. */
    correctedAt: timestamp({ withTimezone: true }),
    /** Empty until its workflow is known to run; the sweeper starts what stays empty. */
    workflowStartedAt: timestamp({ withTimezone: true }),
    /** Wall instant at which a correction opened the closed case again: a run that started before it is over. */
    reopenedAt: timestamp({ withTimezone: true }),
  },
  (t) => [
    index('renewals_by_expiry').on(t.expiresOn, t.id),
    index('renewals_open_by_expiry')
      .on(t.expiresOn, t.id)
      .where(sql`${t.outcome} is null`),
    index('renewals_by_next_action')
      .on(t.nextActionAt, t.id)
      .where(sql`${t.outcome} is null`),
    index('renewals_by_priority')
      .on(t.priority, t.id)
      .where(sql`${t.outcome} is null`),
    index('renewals_by_owner').on(t.ownerId, t.expiresOn),
    index('renewals_by_team').on(t.teamId, t.expiresOn),
    index('renewals_by_manager').on(t.managerId, t.expiresOn),
    index('renewals_by_fleet').on(t.fleetId),
    index('renewals_closed')
      .on(t.closedAt, t.id)
      .where(sql`${t.outcome} is not null`),
    index('renewals_by_new_number')
      .on(t.newPolicyNumber)
      .where(sql`${t.newPolicyNumber} is not null`),
    index('renewals_by_branch').on(t.branchId, t.expiresOn),
    index('renewals_with_call_centre')
      .on(t.branchId)
      .where(sql`${t.outcome} is null and ${t.callCentreSince} is not null`),
    index('renewals_behind_their_expiry')
      .on(t.id)
      .where(
        sql`${t.outcome} is null and ${t.stage} is not null and ${t.secondRoundDueAt} is null and ${t.expiryRevision} <> ${t.armedRevision}`,
      ),
    index('renewals_behind_their_hold')
      .on(t.id)
      .where(sql`${t.outcome} is null and ${t.holdRevision} <> ${t.toldHoldRevision}`),
    index('renewals_without_workflow')
      .on(t.openedAt)
      .where(sql`${t.workflowStartedAt} is null`),
  ],
);
