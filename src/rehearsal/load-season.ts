import { openAsBlob } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeAnswer, type Api } from './api.ts';
import { rehearsalList } from './running-stack.ts';

export type ImportedList = {
  id: string;
  state: 'queued' | 'running' | 'completed' | 'failed';
  rows: number;
  accepted: number;
  rejected: number;
  failure: string | null;
};

const pollMs = 250;

/** Imports a list as the admin and waits for its end. Throws when it cannot be read. */
export async function importList(
  api: Api,
  list: { path: string; format: string; key: string },
  signal: AbortSignal,
): Promise<ImportedList> {
  const form = new FormData();
  form.set('format', list.format);
  form.set('file', await openAsBlob(list.path, { type: 'text/csv' }), rehearsalList);
  let answer = await api.ask({ by: 'admin', path: '/v1/imports', body: form, key: list.key });
  for (;;) {
    if (answer.status >= 300) throw new Error(`The list could not be imported: ${describeAnswer(answer)}`);
    const found = answer.body as ImportedList;
    if (found.state === 'failed')
      throw new Error(`The list could not be imported: ${found.failure ?? 'no reason given'}`);
    if (found.state === 'completed') return found;
    await sleep(pollMs, undefined, { signal });
    answer = await api.ask({ by: 'admin', method: 'GET', path: `/v1/imports/${found.id}` });
  }
}

/** Waits until PostgreSQL, Temporal and a worker are there. */
export async function untilReady(apiUrl: string, signal: AbortSignal): Promise<void> {
  const until = Date.now() + 120_000;
  for (;;) {
    const isReady = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) return;
    if (Date.now() > until) throw new Error(`${apiUrl}/readyz was not green within two minutes.`);
    await sleep(pollMs, undefined, { signal });
  }
}
