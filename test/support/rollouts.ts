import { inject } from 'vitest';
import { connectTemporal } from '../../src/cases/connect.ts';
import type { Db } from '../../src/db/connection.ts';
import { rollouts } from '../../src/db/schema/stage-plans.ts';

/** Ends the workflows of all roll-outs of a database that no worker serves, so that no worker of another test finds them. */
export async function endRollouts(db: Db): Promise<void> {
  const address = inject('temporalAddress');
  const temporal = connectTemporal({ temporal: { address, namespace: 'default', uiUrl: '', tls: false } });
  for (const { id } of await db.select({ id: rollouts.id }).from(rollouts))
    await temporal.client.workflow
      .getHandle(`replan.${id}`)
      .terminate('the test is over')
      .catch(() => {});
  await temporal.close();
}
