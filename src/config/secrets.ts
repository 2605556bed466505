import { present } from './config.ts';
import { databaseVariables, deploymentVariables, migrationVariables, readVariables, type Environment } from './env.ts';

/** Never logged: database addresses carry passwords. */
export type Secrets = {
  databaseUrl: string;
  databaseOwnerUrl?: string;
  twilioAuthToken: string;
  aliyunAccessKeySecret?: string;
  /** The last part of the addresses to which Aliyun pushes reports and replies. */
  aliyunReportSecret?: string;
  temporalApiKey?: string;
  smtpUser?: string;
  smtpPassword?: string;
  /** Signs the links out of e-mails; without one they carry none. */
  unsubscribeSecret?: string;
};

export function readSecrets(env: Environment): Secrets {
  const variables = readVariables(deploymentVariables, env);
  return {
    databaseUrl: variables.XUBAO_DATABASE_URL,
    twilioAuthToken: variables.TWILIO_AUTH_TOKEN,
    ...present({
      aliyunAccessKeySecret: variables.ALIYUN_ACCESS_KEY_SECRET,
      aliyunReportSecret: variables.XUBAO_ALIYUN_REPORT_SECRET,
      databaseOwnerUrl: variables.XUBAO_DATABASE_OWNER_URL,
      temporalApiKey: variables.XUBAO_TEMPORAL_API_KEY,
      smtpUser: variables.XUBAO_SMTP_USER,
      smtpPassword: variables.XUBAO_SMTP_PASSWORD,
      unsubscribeSecret: variables.XUBAO_UNSUBSCRIBE_SECRET,
    }),
  };
}

/** For commands that read the database and nothing else. */
export function readDatabaseUrl(env: Environment): string {
  return readVariables(databaseVariables, env).XUBAO_DATABASE_URL;
}

/** The owner's database URL, and the application's when its role shall be allowed to log in. */
export function readMigrationUrls(env: Environment): { ownerUrl: string; databaseUrl?: string } {
  const variables = readVariables(migrationVariables, env);
  return { ownerUrl: variables.XUBAO_DATABASE_OWNER_URL, ...present({ databaseUrl: variables.XUBAO_DATABASE_URL }) };
}
