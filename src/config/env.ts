import { z } from 'zod';

class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const anyPort = z.coerce.number('A TCP port').int('A TCP port').min(0, 'A TCP port').max(65535, 'A TCP port');
const port = (preset: number) => anyPort.default(preset);
const httpUrl = z.url({ protocol: /^https?$/ });
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((written) => written === 'true');

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const lengthOfTime = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'A length of time such as 500ms, 6s, 10m or 24h')
  .transform((written) => Number.parseFloat(written) * unitMs[written.replace(/[\d.]/g, '') as keyof typeof unitMs]);
const duration = lengthOfTime.refine((ms) => ms >= 100 && ms <= unitMs.h * 24, 'Between 100ms and 24h');
const clockSkew = lengthOfTime.refine((ms) => ms <= unitMs.m * 10, 'At most 10m');
const names = z
  .string()
  .transform((written) => written.split(',').map((name) => name.trim()))
  .refine((listed) => listed.every((name) => /^[\w.-]+$/.test(name)), 'Names with commas between them');
const zone = z.string().refine(isTimeZone, 'The name of a time zone such as Asia/Shanghai');

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

const clockVariables = {
  NODE_ENV: z.string().default('development'),
  XUBAO_ZONE: zone.default('Asia/Shanghai'),
  XUBAO_TODAY: z.iso.date().optional(),
  XUBAO_DAY: duration.optional(),
  XUBAO_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
};

const portVariables = {
  XUBAO_PORT: port(8080),
  XUBAO_TEMPORAL_PORT: port(7233),
  XUBAO_TEMPORAL_UI_PORT: port(8233),
  XUBAO_PG_PORT: port(54329),
  XUBAO_SMTP_PORT: port(1025),
  XUBAO_MAIL_PORT: port(1080),
  XUBAO_SMS_PORT: port(4010),
};

export const stackVariables = z
  .object({
    ...clockVariables,
    ...portVariables,
    XUBAO_DATA_DIR: z.string().default('.xubao'),
    XUBAO_TEMPORAL_BINARY: z.string().optional(),
  })
  .refine(...notInProduction('XUBAO_TODAY'))
  .refine(...notInProduction('XUBAO_DAY'));

export const deploymentVariables = z
  .object({
    ...clockVariables,
    XUBAO_HOST: z.string().default('127.0.0.1'),
    XUBAO_PORT: portVariables.XUBAO_PORT,
    XUBAO_PUBLIC_URL: httpUrl.optional(),
    XUBAO_DATABASE_URL: postgresUrl,
    XUBAO_DATABASE_OWNER_URL: postgresUrl.optional(),
    XUBAO_TEMPORAL_ADDRESS: z
      .string()
      .regex(/^[^\s/]+:\d+$/, 'host:port')
      .default('127.0.0.1:7233'),
    XUBAO_TEMPORAL_NAMESPACE: z.string().default('default'),
    XUBAO_TEMPORAL_UI_URL: httpUrl.default('http://127.0.0.1:8233'),
    XUBAO_TEMPORAL_TLS: flag,
    XUBAO_TEMPORAL_API_KEY: z.string().optional(),
    XUBAO_SMTP_HOST: z.string(),
    XUBAO_SMTP_PORT: port(587),
    XUBAO_SMTP_SECURE: flag,
    XUBAO_SMTP_USER: z.string().optional(),
    XUBAO_SMTP_PASSWORD: z.string().optional(),
    XUBAO_MAIL_FROM: z.string(),
    TWILIO_ACCOUNT_SID: z.string().regex(/^AC[0-9a-f]{32}$/, 'AC and 32 hexadecimal digits'),
    TWILIO_AUTH_TOKEN: z.string(),
    XUBAO_SMS_FROM: z.string(),
    XUBAO_SMS_BASE_URL: httpUrl.optional(),
    ALIYUN_ACCESS_KEY_ID: z.string().optional(),
    ALIYUN_ACCESS_KEY_SECRET: z.string().optional(),
    XUBAO_ALIYUN_SIGN_NAME: z.string().optional(),
    XUBAO_ALIYUN_REPORT_SECRET: z
      .string()
      .regex(/^[\w-]{24,200}$/, 'At least 24 letters, digits, _ or -')
      .refine((secret) => !z.uuid().safeParse(secret).success, 'Not in the form of an id, which logs show')
      .optional(),
    XUBAO_ALIYUN_ENDPOINT: z.string().default('dysmsapi.aliyuncs.com'),
    XUBAO_MAIL_PAGE_URL: httpUrl.optional(),
    XUBAO_UNSUBSCRIBE_SECRET: z.string().min(32, 'At least 32 characters').optional(),
    XUBAO_OIDC_ISSUER: httpUrl,
    XUBAO_OIDC_AUDIENCE: z.string().default('xubao'),
    XUBAO_OIDC_JWKS_URL: httpUrl.optional(),
    XUBAO_OIDC_CLOCK_SKEW: clockSkew.default(60_000),
    XUBAO_DEV_KEYS_FILE: z.string().optional(),
    XUBAO_BUILD_ID: z.string().optional(),
    XUBAO_DEPLOYMENT: z.string().optional(),
    XUBAO_HELD_PATCHES: names.optional(),
    XUBAO_WORKER_METRICS_PORT: anyPort.optional(),
    XUBAO_MAX_CACHED_WORKFLOWS: z.coerce.number().int().min(0).optional(),
    XUBAO_SMS_PER_SECOND: z.coerce.number().positive().optional(),
    XUBAO_EMAILS_PER_SECOND: z.coerce.number().positive().optional(),
    XUBAO_TWILIO_PER_SECOND: z.coerce.number().positive().optional(),
    XUBAO_ALIYUN_PER_SECOND: z.coerce.number().positive().optional(),
    XUBAO_SETTLE_AFTER: duration.default(10 * unitMs.m),
  })
  .refine(...notInProduction('XUBAO_TODAY'))
  .refine(...notInProduction('XUBAO_DAY'))
  .refine(...notInProduction('XUBAO_DEV_KEYS_FILE'))
  .refine(...neededInProduction('XUBAO_UNSUBSCRIBE_SECRET'))
  .refine(({ XUBAO_DEPLOYMENT: name, XUBAO_BUILD_ID: build }) => name === undefined || build !== undefined, {
    path: ['XUBAO_BUILD_ID'],
    message: 'Required with XUBAO_DEPLOYMENT',
  })
  .refine(...requiredWithAliyun('ALIYUN_ACCESS_KEY_SECRET'))
  .refine(...requiredWithAliyun('XUBAO_ALIYUN_SIGN_NAME'));

export const databaseVariables = z.object({ XUBAO_DATABASE_URL: postgresUrl });

/** A migration job knows the database and nothing else. */
export const migrationVariables = z.object({
  XUBAO_DATABASE_OWNER_URL: postgresUrl,
  XUBAO_DATABASE_URL: postgresUrl.optional(),
});

export type Environment = Readonly<Record<string, string | undefined>>;

export function readVariables<Schema extends z.ZodType>(schema: Schema, env: Environment): z.output<Schema> {
  // Compose files and CI systems hand over unset variables as empty strings.
  const written = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(written);
  if (parsed.success) return parsed.data;
  throw new SettingsError(`These settings cannot be used:\n${z.prettifyError(parsed.error)}`);
}

type Refusal = [(env: Record<string, unknown>) => boolean, { path: string[]; message: string; when: () => boolean }];

function requiredWithAliyun(name: string): Refusal {
  const isThere: Refusal[0] = (env) => env['ALIYUN_ACCESS_KEY_ID'] === undefined || env[name] !== undefined;
  return [isThere, { path: [name], message: 'Required with ALIYUN_ACCESS_KEY_ID', when: () => true }];
}

// `when` lets the refusal be listed together with variables that cannot be read.
function notInProduction(name: string): Refusal {
  const isAccepted: Refusal[0] = (env) => env['NODE_ENV'] !== 'production' || env[name] === undefined;
  return [isAccepted, { path: [name], message: 'Not accepted in production (NODE_ENV)', when: () => true }];
}

function neededInProduction(name: string): Refusal {
  const isAccepted: Refusal[0] = (env) => env['NODE_ENV'] !== 'production' || env[name] !== undefined;
  return [isAccepted, { path: [name], message: 'Required in production (NODE_ENV)', when: () => true }];
}
