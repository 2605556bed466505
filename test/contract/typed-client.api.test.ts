import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { runWorker } from '../api/a-working-stack.ts';
import { runApi, tokenFor, type RunningApi } from '../api/running-api.ts';
import { runProgram } from '../support/run-program.ts';
import { fillBook } from './a-full-book.ts';

/** What somebody writes who has nothing but the document; it is checked against the types that come from it, then run. */
const program = `
import createClient from 'openapi-fetch';
import type { paths } from './api-types.ts';

const { API_URL = '', API_TOKEN = '' } = process.env;
const api = createClient<paths>({ baseUrl: API_URL, headers: { authorization: \`Bearer \${API_TOKEN}\` } });
const once = () => ({ 'Idempotency-Key': crypto.randomUUID() });

const list = await api.GET('/v1/renewals', { params: { query: { stage: 'follow-up', outcome: 'open', limit: 5 } } });
const item = list.data?.items.find(({ ownerId }) => ownerId === 'north-agent');
if (!item) throw new Error('No case of mine is in follow-up');

const path = { id: item.id };
const renewal = await api.GET('/v1/renewals/{id}', { params: { path } });
const stage: 'preparation' | 'follow-up' | 'intensive-chase' | 'wrap-up' | null | undefined = renewal.data?.stage;

const recorded = await api.POST('/v1/renewals/{id}/results', {
  params: { path, header: once() },
  body: { result: 'not-reached', channel: 'phone' },
});
const refused = await api.POST('/v1/renewals/{id}/results', {
  params: { path, header: once() },
  // @ts-expect-error -- declined needs a loss reason
  body: { result: 'declined' },
});

const tasks = await api.GET('/v1/tasks', { params: { query: { assignee: 'me', state: 'open', renewalId: item.id } } });
const task = tasks.data?.items.find(({ kind }) => kind === 'first-contact');
if (!task) throw new Error('No first contact to make');
const completed = await api.POST('/v1/tasks/{id}/complete', {
  params: { path: { id: task.id }, header: once() },
  body: { result: 'quoted' },
});

export async function mistakes(): Promise<void> {
  // @ts-expect-error -- no such result
  await api.POST('/v1/renewals/{id}/results', { params: { path, header: once() }, body: { result: 'gone-fishing' } });
  // @ts-expect-error -- no key
  await api.POST('/v1/renewals/{id}/results', { params: { path }, body: { result: 'quoted' } });
  // @ts-expect-error -- no such path
  await api.GET('/v1/renewal', {});
  // @ts-expect-error -- no such filter
  await api.GET('/v1/renewals', { params: { query: { colour: 'red' } } });
}

console.log(JSON.stringify({
  stage,
  recorded: [recorded.response.status, recorded.data?.attempts],
  refused: [refused.response.status, refused.error?.code, refused.error?.errors?.map((error) => error.path)],
  completed: [completed.response.status, completed.data?.state, completed.error?.detail],
}));
`;

const settings = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024', 'dom', 'dom.iterable'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
};

let api: RunningApi;
let worker: { stop: () => Promise<void> };
let folder: string;
beforeAll(async () => {
  const temporalAddress = inject('temporalAddress');
  api = await runApi({ temporalAddress });
  worker = await runWorker(api.db, temporalAddress);
  await fillBook(api, new Date().toISOString().slice(0, 10));
  folder = mkdtempSync(join(tmpdir(), 'xubao-typed-client-'));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  writeFileSync(join(folder, 'api-types.ts'), astToString(await openapiTS(new URL('/openapi.json', api.url))));
  writeFileSync(join(folder, 'program.ts'), program);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await worker.stop();
  await api.close();
});

describe('A client with types generated from the document', () => {
  test('lists, reads, records and completes; what the document does not allow does not compile', async () => {
    const compiled = await runProgram(join(folder, 'node_modules', '.bin', 'tsc'), ['-p', folder], { cwd: folder });
    expect(compiled).toEqual({ status: 0, output: '' });

    const env = { API_URL: api.url, API_TOKEN: await tokenFor(api.url, 'north-agent') };
    const { status, output } = await runProgram(process.execPath, ['program.ts'], { env, cwd: folder });
    expect(status === 0 ? JSON.parse(output) : output).toEqual({
      stage: 'follow-up',
      recorded: [201, 1],
      refused: [422, 'invalid', ['lossReason']],
      completed: [200, 'completed', null],
    });
  });
});
