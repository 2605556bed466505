import { join, resolve } from 'node:path';
import type { Environment } from '../config/env.ts';
import type { StackSettings } from '../config/stack-settings.ts';
import { readRunning } from './data-folder.ts';
import { deploymentVariables } from './environment.ts';
import { keptSecret } from './kept-secret.ts';
import { preparePostgres } from './postgres.ts';

/** The settings of the deployment that the environment describes, else of the embedded stack that runs here. */
export function environmentInReach(env: Environment, settings: StackSettings): Environment {
  return env['XUBAO_DATABASE_URL'] ? env : environmentOf(settings);
}

/** The stack that runs on a data folder says itself where it listens: the command may have been told the folder alone. */
function environmentOf(settings: StackSettings): Environment {
  const folder = resolve(settings.dataDir);
  const running = readRunning(folder);
  if (!running) {
    throw new Error(
      `No embedded stack is running on ${folder}. Set XUBAO_DATA_DIR to the folder of one, or XUBAO_DATABASE_URL to the database of a deployment.`,
    );
  }
  const { ports, zone, logLevel, dayMs } = { ...settings, ...running };
  const postgres = preparePostgres({
    dataDir: folder,
    port: ports.postgres,
    logFile: join(folder, 'logs', 'postgres.log'),
  });
  return deploymentVariables({
    ports,
    zone,
    logLevel,
    ...(dayMs === undefined ? {} : { dayMs }),
    devKeysFile: join(folder, 'dev-issuer-keys.json'),
    unsubscribeSecret: keptSecret(join(folder, 'unsubscribe-secret')),
    databaseUrl: postgres.databaseUrl(),
    ownerUrl: postgres.ownerUrl(),
  });
}
