import { Client, Connection } from '@temporalio/client';
import type { Config } from '../config/config.ts';
import type { Db } from '../db/connection.ts';
import type { Calendar } from '../renewal/calendar.ts';

export type TemporalConnection = { client: Client; close: () => Promise<void> };

/** What everything here works with: the books, the cases and the business calendar. */
export type CaseDeps = { db: Db; temporal: TemporalConnection; calendar: Calendar };

/** Connects lazily: it answers at once and the first call finds out whether Temporal is there. */
export function connectTemporal(config: Pick<Config, 'temporal'> & { temporalApiKey?: string }): TemporalConnection {
  const { temporal, temporalApiKey: apiKey } = config;
  const connection = Connection.lazy({ address: temporal.address, tls: temporal.tls, ...(apiKey ? { apiKey } : {}) });
  const client = new Client({ connection, namespace: temporal.namespace });
  return {
    client,
    close: async () => {
      // A call that is tried again on a closed connection would end the process.
      const calls: Iterable<Promise<unknown>> = underWay.get(client) ?? new Set();
      await Promise.allSettled(calls);
      await connection.close();
    },
  };
}

const underWay = new WeakMap<Client, Set<Promise<unknown>>>();

const deadlineMs = 5_000;

/** A call to Temporal that somebody waits for: without an answer it fails after 5 s, and the caller may ask again. */
export function promptly<Answer>({ client }: TemporalConnection, call: () => Promise<Answer>): Promise<Answer> {
  const calls = underWay.get(client) ?? new Set();
  underWay.set(client, calls);
  const answer = client.withDeadline(Date.now() + deadlineMs, call);
  calls.add(answer);
  const forget = (): void => void calls.delete(answer);
  answer.then(forget, forget);
  return answer;
}
