import { Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { inject } from 'vitest';

export type TemporalConnections = {
  connection: Connection;
  nativeConnection: NativeConnection;
  close: () => Promise<void>;
};

/** Connections to the development server of this run, for a client and for a worker. */
export async function connectTemporal(): Promise<TemporalConnections> {
  const address = inject('temporalAddress');
  const connection = await Connection.connect({ address });
  const nativeConnection = await NativeConnection.connect({ address });
  const close = async (): Promise<void> => {
    await connection.close();
    await nativeConnection.close();
  };
  return { connection, nativeConnection, close };
}
