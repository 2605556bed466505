import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

type SmtpBehaviour =
  | 'accept'
  | 'hang-up-at-greeting'
  | 'refuse-recipient'
  | 'later-after-data'
  | 'refuse-after-data'
  | 'hang-up-before-data'
  | 'hang-up-after-accept';

export type SmtpStandIn = {
  port: number;
  /** The raw mails that it took. */
  taken: string[];
  /** How often a client connected. */
  connections: () => number;
  behave: (behaviour: SmtpBehaviour) => void;
  stop: () => Promise<void>;
};

/** A real SMTP server that goes wrong on demand. */
export async function startSmtpStandIn(): Promise<SmtpStandIn> {
  const taken: string[] = [];
  let behaviour: SmtpBehaviour = 'accept';
  let connections = 0;
  const server: SMTPServer = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onConnect: (_session, callback) => {
      connections += 1;
      if (behaviour === 'hang-up-at-greeting') return hangUp(server, 'end');
      callback();
    },
    onRcptTo: (_address, _session, callback) => {
      if (behaviour === 'hang-up-before-data') return hangUp(server);
      callback(behaviour === 'refuse-recipient' ? reply(550, 'no such user') : null);
    },
    onData: (stream, _session, callback) => {
      const answer = (mail: string): void => {
        if (behaviour === 'later-after-data') return callback(reply(451, 'try again later'));
        if (behaviour === 'refuse-after-data') return callback(reply(554, 'refused'));
        taken.push(mail);
        if (behaviour === 'hang-up-after-accept') return hangUp(server);
        callback(null);
      };
      text(stream).then(answer, callback);
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    taken,
    connections: () => connections,
    behave: (next) => {
      behaviour = next;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function hangUp(server: SMTPServer, how: 'end' | 'resetAndDestroy' = 'resetAndDestroy'): void {
  for (const connection of server.connections) (connection as unknown as { _socket: Socket })._socket[how]();
}

function reply(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
