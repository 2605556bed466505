import { present } from './config.ts';
import { readVariables, stackVariables, type Environment } from './env.ts';

export type StackPorts = {
  api: number;
  temporal: number;
  temporalUi: number;
  postgres: number;
  smtp: number;
  mail: number;
  sms: number;
};

export const portVariableOf: Record<keyof StackPorts, string> = {
  api: 'XUBAO_PORT',
  temporal: 'XUBAO_TEMPORAL_PORT',
  temporalUi: 'XUBAO_TEMPORAL_UI_PORT',
  postgres: 'XUBAO_PG_PORT',
  smtp: 'XUBAO_SMTP_PORT',
  mail: 'XUBAO_MAIL_PORT',
  sms: 'XUBAO_SMS_PORT',
};

/** What the embedded stack is told from outside; a port of 0 means any free one. */
export type StackSettings = {
  dataDir: string;
  ports: StackPorts;
  zone: string;
  logLevel: string;
  today?: string;
  dayMs?: number;
  temporalBinary?: string;
};

export function readStackSettings(env: Environment): StackSettings {
  const variables = readVariables(stackVariables, env);
  return {
    dataDir: variables.XUBAO_DATA_DIR,
    ports: {
      api: variables.XUBAO_PORT,
      temporal: variables.XUBAO_TEMPORAL_PORT,
      temporalUi: variables.XUBAO_TEMPORAL_UI_PORT,
      postgres: variables.XUBAO_PG_PORT,
      smtp: variables.XUBAO_SMTP_PORT,
      mail: variables.XUBAO_MAIL_PORT,
      sms: variables.XUBAO_SMS_PORT,
    },
    zone: variables.XUBAO_ZONE,
    logLevel: variables.XUBAO_LOG_LEVEL,
    ...present({
      today: variables.XUBAO_TODAY,
      dayMs: variables.XUBAO_DAY,
      temporalBinary: variables.XUBAO_TEMPORAL_BINARY,
    }),
  };
}
