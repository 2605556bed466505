import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeApi, type Api, type ApiParts } from '../../src/api/compose.ts';
import { openImportQueue } from '../../src/api/import-queue.ts';
import { openLog } from '../../src/api/doors/log.ts';
import { createApiServer } from '../../src/api/doors/server.ts';
import { businessCalendar } from '../../src/calendar/business-calendar.ts';
import { connectTemporal } from '../../src/cases/connect.ts';
import { readConfig } from '../../src/config/config.ts';
import { connectDatabase, type Db } from '../../src/db/connection.ts';
import { freshDatabase } from '../support/postgres.ts';

export type RunningApi = {
  url: string;
  db: Db;
  /** For whoever works on the same books over connections of their own. */
  databaseUrl: string;
  api: Api;
  keysFile: string;
  /** Asks as the person with this staff number; answers the response with its JSON. */
  as: (subject: string) => Asker;
  close: () => Promise<void>;
};

// Answers are read as loosely as a caller would; their schemas are checked on the way out.
// oxlint-disable-next-line typescript/no-explicit-any -- see above
type Asked = { status: number; headers: Headers; body: any };
export type Asker = {
  get: (path: string, headers?: Record<string, string>) => Promise<Asked>;
  post: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Asked>;
  put: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Asked>;
};

export type RunOptions = Pick<ApiParts, 'limits'> & {
  temporalAddress?: string;
  namespace?: string;
  embedded?: boolean;
  /** Settings that differ from the usual ones. */
  settings?: Record<string, string>;
};

/** What calls to the webhooks of a running API are signed with. */
export const twilioAuthToken = 'signs-our-callbacks';
export const aliyunReportSecret = 'the-end-of-an-address-of-reports';

/** What links out of e-mails are signed with here. */
export const unsubscribeSecret = 'signs-our-links-out-of-e-mails';

// Nothing listens there: what needs Temporal answers 503 for real.
const nowhere = '127.0.0.1:9';

/** The whole API on a port of its own, on a database of its own; answers that break their own schema fail the test. */
export async function runApi(options: RunOptions = {}): Promise<RunningApi> {
  const database = await freshDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'xubao-api-test-'));
  const keysFile = join(folder, 'keys.json');
  const config = readConfig(settingsFor({ keysFile, databaseUrl: database.databaseUrl, ...options }));
  const connection = connectDatabase(database.databaseUrl);
  const temporal = connectTemporal(config);
  const calendar = businessCalendar(config.clock.zone);
  const log = openLog(process.env['XUBAO_LOG_LEVEL'] ?? 'silent');
  const imports = await openImportQueue({ connection, calendar, log, afterImport: async () => {} });
  const refuse = (message: string): never => {
    throw new Error(message);
  };
  const parts = {
    config,
    twilioAuthToken,
    aliyunReportSecret,
    unsubscribeSecret,
    connection,
    temporal,
    calendar,
    imports,
    log,
    version: '0.0.0',
    onWrongAnswer: refuse,
  };
  const api = await composeApi({ ...parts, ...(options.limits ? { limits: options.limits } : {}) });
  const server = createApiServer(api.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    db: connection.db,
    databaseUrl: database.databaseUrl,
    api,
    keysFile,
    as: (subject) => askerFor(url, subject),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await imports.idle();
      await temporal.close();
      await connection.close();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function settingsFor({
  keysFile,
  databaseUrl,
  temporalAddress = nowhere,
  namespace = 'default',
  embedded = true,
  settings = {},
}: RunOptions & { keysFile: string; databaseUrl: string }) {
  return {
    XUBAO_DATABASE_URL: databaseUrl,
    XUBAO_TEMPORAL_ADDRESS: temporalAddress,
    XUBAO_TEMPORAL_NAMESPACE: namespace,
    XUBAO_SMTP_HOST: '127.0.0.1',
    XUBAO_MAIL_FROM: 'renewals@xubao.example',
    XUBAO_SMS_FROM: '+15005550006',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: twilioAuthToken,
    XUBAO_OIDC_ISSUER: 'http://issuer.test',
    ...(embedded ? { XUBAO_DEV_KEYS_FILE: keysFile } : { XUBAO_OIDC_JWKS_URL: 'http://127.0.0.1:9/jwks.json' }),
    ...settings,
  };
}

function askerFor(url: string, subject: string): Asker {
  let token: Promise<string> | undefined;
  const ask = async (path: string, request: RequestInit): Promise<Asked> => {
    token ??= tokenFor(url, subject);
    const headers = { authorization: `Bearer ${await token}`, ...(request.headers as Record<string, string>) };
    const response = await fetch(`${url}${path}`, { ...request, headers });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  const change =
    (method: 'POST' | 'PUT') =>
    (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Asked> => {
      const isForm = body instanceof FormData;
      const type = isForm ? {} : { 'content-type': 'application/json' };
      const content = isForm ? body : body === undefined ? undefined : JSON.stringify(body);
      const key = method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {};
      return ask(path, {
        method,
        headers: { ...key, ...type, ...headers },
        ...(content === undefined ? {} : { body: content }),
      });
    };
  return { get: (path, headers = {}) => ask(path, { headers }), post: change('POST'), put: change('PUT') };
}

export async function tokenFor(url: string, subject: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/dev/token`, { method: 'POST', headers, body: JSON.stringify({ subject }) });
  return ((await response.json()) as { accessToken: string }).accessToken;
}
