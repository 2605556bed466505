import { present } from '../config/config.ts';
import type { StackPorts } from '../config/stack-settings.ts';

export type Variables = Record<string, string>;

// Twilio's client checks the form of the id; the stand-in knows no other account.
export const standInAccount = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'embedded-stack' };

const tuning =
  /^XUBAO_(BUILD_ID|WORKER_METRICS_PORT|MAX_CACHED_WORKFLOWS|SMS_PER_SECOND|TWILIO_PER_SECOND|EMAILS_PER_SECOND)$/;
const settingsOfOthers = /^(XUBAO_|TWILIO_|TEMPORAL_|PG[A-Z]+$)/;

/** The environment for child processes: nothing in it can aim the embedded stack at real providers or a proxy. */
export function cleanEnvironment(): Variables {
  const kept = Object.entries(process.env).filter(([name]) => tuning.test(name) || !settingsOfOthers.test(name));
  const here = '127.0.0.1,localhost';
  return { ...(Object.fromEntries(kept) as Variables), NO_PROXY: here, no_proxy: here, NODE_ENV: 'development' };
}

export type DeploymentFacts = {
  ports: StackPorts;
  zone: string;
  logLevel: string;
  dayMs?: number;
  devKeysFile: string;
  unsubscribeSecret: string;
  databaseUrl: string;
  ownerUrl: string;
};

/** What API, worker and every command need to find the servers of this stack. */
export function deploymentVariables(facts: DeploymentFacts): Variables {
  const { ports } = facts;
  const publicUrl = `http://127.0.0.1:${ports.api}`;
  return {
    NODE_ENV: 'development',
    XUBAO_ZONE: facts.zone,
    XUBAO_LOG_LEVEL: facts.logLevel,
    XUBAO_HOST: '127.0.0.1',
    XUBAO_PORT: String(ports.api),
    XUBAO_PUBLIC_URL: publicUrl,
    XUBAO_DATABASE_URL: facts.databaseUrl,
    XUBAO_DATABASE_OWNER_URL: facts.ownerUrl,
    XUBAO_TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
    XUBAO_TEMPORAL_UI_URL: `http://127.0.0.1:${ports.temporalUi}`,
    XUBAO_SMTP_HOST: '127.0.0.1',
    XUBAO_SMTP_PORT: String(ports.smtp),
    XUBAO_MAIL_FROM: 'Xubao <renewals@xubao.example>',
    TWILIO_ACCOUNT_SID: standInAccount.accountSid,
    TWILIO_AUTH_TOKEN: standInAccount.authToken,
    XUBAO_SMS_FROM: '+15005550006',
    XUBAO_SMS_BASE_URL: `http://127.0.0.1:${ports.sms}`,
    XUBAO_MAIL_PAGE_URL: `http://127.0.0.1:${ports.mail}`,
    XUBAO_OIDC_ISSUER: publicUrl,
    XUBAO_DEV_KEYS_FILE: facts.devKeysFile,
    XUBAO_UNSUBSCRIBE_SECRET: facts.unsubscribeSecret,
    ...present({ XUBAO_DAY: facts.dayMs === undefined ? undefined : `${facts.dayMs}ms` }),
  };
}
