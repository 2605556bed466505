import { deploymentVariables, readVariables, type Environment } from './env.ts';

const dayOfTheCalendarMs = 24 * 3_600_000;

/** Everything that may be logged; passwords and tokens are in Secrets. */
export type Config = {
  production: boolean;
  api: { host: string; port: number; publicUrl: string };
  temporal: { address: string; namespace: string; uiUrl: string; tls: boolean };
  smtp: { host: string; port: number; secure: boolean; from: string; pageUrl?: string };
  sms: {
    accountSid: string;
    from: string;
    baseUrl?: string;
    /** Under which Twilio calls back; without one it is asked for no callback, as it refuses an address that it cannot reach. */
    callbackUrl?: string;
  };
  /** Without it Aliyun is not among the SMS providers. */
  aliyun?: { accessKeyId: string; signName: string; endpoint: string };
  /** How often a second each SMS provider may be asked, by all workers together; one that is not named has no cap. */
  providersPerSecond: Readonly<Record<string, number>>;
  identity: { issuer: string; audience: string; skewSeconds: number; jwksUrl?: string; devKeysFile?: string };
  clock: { zone: string; startOn?: string; dayMs: number };
  worker: {
    buildId?: string;
    /** The worker deployment of which the build is a version; without it Temporal asks for no version. */
    deployment?: string;
    /** Patches of the workflows that no case takes for the present. */
    heldPatches?: string[];
    metricsPort?: number;
    maxCachedWorkflows?: number;
    smsPerSecond?: number;
    emailsPerSecond?: number;
    /** Wall ms after which the list of an SMS provider has everything that it took. */
    settleAfterMs: number;
  };
  logLevel: string;
};

export function readConfig(env: Environment): Config {
  const variables = readVariables(deploymentVariables, env);
  return {
    production: variables.NODE_ENV === 'production',
    api: {
      host: variables.XUBAO_HOST,
      port: variables.XUBAO_PORT,
      publicUrl: variables.XUBAO_PUBLIC_URL ?? `http://127.0.0.1:${variables.XUBAO_PORT}`,
    },
    ...readNeighbours(variables),
    clock: {
      zone: variables.XUBAO_ZONE,
      dayMs: variables.XUBAO_DAY ?? dayOfTheCalendarMs,
      ...present({ startOn: variables.XUBAO_TODAY }),
    },
    worker: {
      settleAfterMs: variables.XUBAO_SETTLE_AFTER,
      ...present({
        buildId: variables.XUBAO_BUILD_ID,
        deployment: variables.XUBAO_DEPLOYMENT,
        heldPatches: variables.XUBAO_HELD_PATCHES,
        metricsPort: variables.XUBAO_WORKER_METRICS_PORT,
        maxCachedWorkflows: variables.XUBAO_MAX_CACHED_WORKFLOWS,
        smsPerSecond: variables.XUBAO_SMS_PER_SECOND,
        emailsPerSecond: variables.XUBAO_EMAILS_PER_SECOND,
      }),
    },
    logLevel: variables.XUBAO_LOG_LEVEL,
  };
}

function readNeighbours(
  variables: ReturnType<typeof deploymentVariables.parse>,
): Pick<Config, 'temporal' | 'smtp' | 'sms' | 'aliyun' | 'providersPerSecond' | 'identity'> {
  return {
    temporal: {
      address: variables.XUBAO_TEMPORAL_ADDRESS,
      namespace: variables.XUBAO_TEMPORAL_NAMESPACE,
      uiUrl: variables.XUBAO_TEMPORAL_UI_URL,
      tls: variables.XUBAO_TEMPORAL_TLS,
    },
    smtp: {
      host: variables.XUBAO_SMTP_HOST,
      port: variables.XUBAO_SMTP_PORT,
      secure: variables.XUBAO_SMTP_SECURE,
      from: variables.XUBAO_MAIL_FROM,
      ...present({ pageUrl: variables.XUBAO_MAIL_PAGE_URL }),
    },
    sms: {
      accountSid: variables.TWILIO_ACCOUNT_SID,
      from: variables.XUBAO_SMS_FROM,
      ...present({ baseUrl: variables.XUBAO_SMS_BASE_URL, callbackUrl: variables.XUBAO_PUBLIC_URL }),
    },
    ...readAliyun(variables),
    providersPerSecond: present({
      twilio: variables.XUBAO_TWILIO_PER_SECOND,
      aliyun: variables.XUBAO_ALIYUN_PER_SECOND,
    }),
    identity: {
      issuer: variables.XUBAO_OIDC_ISSUER,
      audience: variables.XUBAO_OIDC_AUDIENCE,
      skewSeconds: variables.XUBAO_OIDC_CLOCK_SKEW / 1_000,
      ...present({ jwksUrl: variables.XUBAO_OIDC_JWKS_URL, devKeysFile: variables.XUBAO_DEV_KEYS_FILE }),
    },
  };
}

function readAliyun(variables: ReturnType<typeof deploymentVariables.parse>): Pick<Config, 'aliyun'> {
  const { ALIYUN_ACCESS_KEY_ID: accessKeyId, XUBAO_ALIYUN_SIGN_NAME: signName } = variables;
  if (accessKeyId === undefined || signName === undefined) return {};
  return { aliyun: { accessKeyId, signName, endpoint: variables.XUBAO_ALIYUN_ENDPOINT } };
}

/** The names under which the setting `sms-providers` may choose. */
export function smsProvidersOf({ aliyun }: Config): string[] {
  return aliyun === undefined ? ['twilio'] : ['twilio', 'aliyun'];
}

type Present<Fields> = { [Name in keyof Fields]?: NonNullable<Fields[Name]> };

export function present<Fields extends Record<string, unknown>>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>;
}
