import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

/** One row: at this wall instant it was that business instant, and business time passes at this speed since. */
export const businessClock = pgTable('business_clock', {
  id: integer().primaryKey(),
  wallAt: timestamp({ withTimezone: true }).notNull(),
  businessAt: timestamp({ withTimezone: true }).notNull(),
  speed: doublePrecision().notNull(),
  epoch: integer().notNull(),
  /** Where a shortened day was last seen, so that a stack that was down goes on there. */
  seenAt: timestamp({ withTimezone: true }),
});

export const intakeRuns = pgTable('intake_runs', {
  id: uuid().primaryKey(),
  state: text().notNull(),
  businessDay: text().notNull(),
  requestedBy: text().notNull(),
  opened: integer().notNull().default(0),
  alreadyOpen: integer().notNull().default(0),
  leftOut: jsonb().notNull().default({}),
  /** Last page done: expiry and id of the policy, so that a killed run goes on there. */
  cursor: jsonb(),
  startedAt: timestamp({ withTimezone: true }).notNull(),
  finishedAt: timestamp({ withTimezone: true }),
});

/** What the core system reported under each of its keys. */
export const coreNotices = pgTable('core_notices', {
  key: text().primaryKey(),
  content: jsonb().notNull(),
  takenAt: timestamp({ withTimezone: true }).notNull(),
});

/** The stored answer of a request with an Idempotency-Key; the id names what the request creates. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    id: uuid().primaryKey(),
    subject: text().notNull(),
    key: text().notNull(),
    request: text().notNull(),
    bodyHash: text().notNull(),
    lockedUntil: timestamp({ withTimezone: true }).notNull(),
    status: integer(),
    response: jsonb(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (t) => [uniqueIndex('idempotency_keys_one_per_subject').on(t.subject, t.key)],
);

/** The stop switch for everything that goes to customers. */
export const sending = pgTable('sending', {
  id: integer().primaryKey(),
  stopped: boolean().notNull().default(false),
  reason: text(),
  revision: bigint({ mode: 'number' }).notNull().default(0),
  changedBy: text(),
  changedAt: timestamp({ withTimezone: true }),
});

/** When each provider with a rate cap may be asked next: wall time, one row for all workers. */
export const providerPaces = pgTable('provider_paces', {
  provider: text().primaryKey(),
  nextAt: timestamp({ withTimezone: true }).notNull(),
});
