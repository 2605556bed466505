import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to PostgreSQL on which answers to commits may be late, as on a bad network. */
export type SlowCommits = {
  /** The address of a database, by this way. */
  through: (databaseUrl: string) => string;
  /** From now on every second connection hears of its commits so much later; what is committed is committed. */
  holdAnswers: (ms: number) => void;
  close: () => void;
};

/** Listens before a PostgreSQL on this machine. */
export async function slowCommits(postgresPort: number): Promise<SlowCommits> {
  const sockets = new Set<Socket>();
  let holdMs = 0;
  let connections = 0;
  const server = createServer((client) => {
    const isSlow = (connections += 1) % 2 === 0;
    const database = connect(postgresPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(socket.setNoDelay());
      socket.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
    client.on('data', (asked: Buffer) => {
      database.write(asked);
      if (!isSlow || holdMs === 0 || !asked.includes('commit\0')) return;
      database.pause();
      setTimeout(() => database.resume(), holdMs).unref();
    });
    database.on('data', (answer: Buffer) => client.write(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    through: (databaseUrl) => Object.assign(new URL(databaseUrl), { host: `127.0.0.1:${port}` }).href,
    holdAnswers: (ms) => void (holdMs = ms),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
