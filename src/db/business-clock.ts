import { eq, sql, type SQL, type SQLWrapper } from 'drizzle-orm';
import type { Db } from './connection.ts';
import { prepareOnce } from './prepare-once.ts';
import { businessClock } from './schema/operations.ts';

/** Where business time stands: both instants in milliseconds since the epoch, speed in business per wall milliseconds. */
export type ClockReading = { now: number; wallAt: number; businessAt: number; speed: number; epoch: number };

/** The fields of a reading, for a query of `business_clock`. */
export const clockFields = {
  now: inMs(sql`business_now()`),
  wallAt: inMs(businessClock.wallAt),
  businessAt: inMs(businessClock.businessAt),
  speed: businessClock.speed,
  epoch: businessClock.epoch,
};

export type ClockRow = Record<'now' | 'wallAt' | 'businessAt', string> & { speed: number; epoch: number };

const clockRow = prepareOnce('business_clock', (db) =>
  db.select(clockFields).from(businessClock).where(eq(businessClock.id, 1)),
);

/** A reading from its row. Throws when the clock has no anchor. */
export function clockOf(row: ClockRow | undefined): ClockReading {
  if (!row) throw new Error('the business clock has no anchor; run the migrations');
  return {
    now: Number(row.now),
    wallAt: Number(row.wallAt),
    businessAt: Number(row.businessAt),
    speed: row.speed,
    epoch: row.epoch,
  };
}

export async function readClock(db: Db): Promise<ClockReading> {
  const [row] = await clockRow(db, {});
  return clockOf(row);
}

/** The wall instant (ms) at which business time reaches the given business instant (ms). */
export function wallInstant(clock: ClockReading, business: number): number {
  return Math.ceil(clock.wallAt + (business - clock.businessAt) / clock.speed);
}

/** The business instant (ms) that a wall instant (ms) meant, as the clock runs now. */
export function businessInstant(clock: ClockReading, wall: number): number {
  return Math.round(clock.businessAt + (wall - clock.wallAt) * clock.speed);
}

/** Starts business time at an instant (ms) with a speed; for a new data folder and for rehearsals only. */
export async function anchorClock(db: Db, anchor: { businessAt: number; speed: number }): Promise<void> {
  await db.execute(sql`update business_clock set wall_at = clock_timestamp(), business_at = to_timestamp(${anchor.businessAt / 1000}),
    speed = ${anchor.speed}, epoch = epoch + 1 where id = 1`);
}

/**
 * Lets business time stand still for some wall milliseconds, and pass more slowly after that by a factor of one or more:
 * every pending instant moves later, so that a timer armed before fires early and asks again, and none is late.
 */
export async function stretchDay(db: Db, { pauseMs, factor = 1 }: { pauseMs: number; factor?: number }): Promise<void> {
  await db.execute(sql`update business_clock set business_at = business_now(), speed = speed / ${Math.max(1, factor)},
    wall_at = greatest(wall_at, clock_timestamp()) + ${pauseMs} * interval '1 millisecond', epoch = epoch + 1 where id = 1`);
}

/** Remembers where business time stands, for a stack that goes on there after it was down. */
export async function rememberBusinessTime(db: Db): Promise<void> {
  await db.execute(sql`update business_clock set seen_at = business_now() where id = 1`);
}

/** Where business time was last seen (ms); undefined when nobody kept an eye on it. */
export async function lastSeenBusinessTime(db: Db): Promise<number | undefined> {
  const { rows } = await db.execute<{ at: string | null }>(
    sql`select ${inMs(sql`seen_at`)} as at from business_clock where id = 1`,
  );
  const at = rows[0]?.at ?? null;
  return at === null ? undefined : Number(at);
}

function inMs(instant: SQLWrapper): SQL<string> {
  return sql`(extract(epoch from ${instant}) * 1000)::bigint`;
}
