import { setTimeout as sleep } from 'node:timers/promises';
import { shiftedExampleBook } from './example-book-dates.ts';

const patienceMs = 120_000;

type ImportState = {
  id: string;
  state: 'queued' | 'running' | 'completed' | 'failed';
  accepted?: number;
  rejected?: number;
};

export type LoadedBook = { accepted: number; rejected: number; opened: number };

/** Imports the example book, as written for today, over the API as the demo admin and opens the cases that are due. */
export async function loadExampleBook({ apiUrl, today }: { apiUrl: string; today: string }): Promise<LoadedBook> {
  const { accessToken } = await ask<{ accessToken: string }>(`${apiUrl}/dev/token`, json({ subject: 'admin' }));
  const authorization = `Bearer ${accessToken}`;
  const form = new FormData();
  form.set('file', new File([shiftedExampleBook(today)], 'example-book.csv', { type: 'text/csv' }));
  const headers = { authorization, 'idempotency-key': 'example-book-import' };
  let found = await ask<ImportState>(`${apiUrl}/v1/imports`, { method: 'POST', body: form, headers });
  const until = Date.now() + patienceMs;
  while (found.state === 'queued' || found.state === 'running') {
    if (Date.now() > until) throw new Error('The import of the example book did not finish');
    await sleep(250);
    found = await ask<ImportState>(`${apiUrl}/v1/imports/${found.id}`, { headers: { authorization } });
  }
  if (found.state === 'failed') throw new Error('The import of the example book failed');
  const intake = json({}, { authorization, 'idempotency-key': 'example-book-intake' });
  const { opened } = await ask<{ opened: number }>(`${apiUrl}/v1/intake`, intake);
  return { accepted: found.accepted ?? 0, rejected: found.rejected ?? 0, opened };
}

function json(body: object, headers: Record<string, string> = {}): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
}

async function ask<Answer>(url: string, request: RequestInit): Promise<Answer> {
  const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(patienceMs) });
  if (!answer.ok)
    throw new Error(`${request.method ?? 'GET'} ${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}
