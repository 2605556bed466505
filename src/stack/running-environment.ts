import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Environment } from '../config/env.ts';
import type { StackSettings } from '../config/stack-settings.ts';
import { deploymentVariables } from './environment.ts';
import { keptSecret } from './kept-secret.ts';
import { preparePostgres } from './postgres.ts';

/** The settings of the deployment that the environment describes, else of the embedded stack that runs here. */
export function environmentInReach(env: Environment, settings: StackSettings): Environment {
  return env['XUBAO_DATABASE_URL'] ? env : environmentOf(settings);
}

function environmentOf({ dataDir, ports, zone, logLevel, dayMs }: StackSettings): Environment {
  const folder = resolve(dataDir);
  if (!existsSync(join(folder, 'running.json'))) throw new Error(`No embedded stack is running on ${folder}.`);
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
