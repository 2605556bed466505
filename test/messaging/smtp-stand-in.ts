import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** The conversation, step by step; `data` is the command, `text` what follows it, `final-dot` what the server says then. */
export type SmtpStep = 'greeting' | 'ehlo' | 'mail' | 'rcpt' | 'data' | 'text' | 'final-dot';

/** What goes wrong at one step: a numeric reply, a connection that goes away, or a reply that takes its time. */
export type SmtpFault = { at: SmtpStep } & ({ reply: number } | { drop: true } | { holdMs: number });

export type SmtpStandIn = {
  port: number;
  /** The raw mails that it took, also those of which it could not say so any more. */
  taken: string[];
  /** How often a client connected. */
  connections: () => number;
  /** For all mails, or for those to one address; without a fault all is well again. */
  behave: (fault?: SmtpFault, to?: string) => void;
  stop: () => Promise<void>;
};

type SMTPConnection = SMTPServer['connections'] extends Set<infer Connection> ? Connection : never;
type Next = (error?: Error | null) => void;

/** A real SMTP server that goes wrong at the step it is told to. */
export async function startSmtpStandIn(): Promise<SmtpStandIn> {
  const taken: string[] = [];
  const faults = new Map<string | undefined, SmtpFault>();
  let connections = 0;

  const faultAt = (step: SmtpStep, to?: string): SmtpFault | undefined => {
    const fault = (to === undefined ? undefined : faults.get(to)) ?? faults.get(undefined);
    return fault?.at === step ? fault : undefined;
  };
  const pass = async (fault: SmtpFault | undefined, { id }: SMTPServerSession, next: Next): Promise<void> => {
    if (fault && 'drop' in fault) return hangUp(server, id);
    if (fault && 'reply' in fault) return next(reply(fault.reply));
    if (fault) await sleep(fault.holdMs, undefined, { ref: false });
    next(null);
  };

  const server: SMTPServer = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 500,
    onConnect: (session, next) => {
      connections += 1;
      const connection = [...server.connections].find(({ id }) => id === session.id);
      if (connection) intercept(connection, faultAt);
      void pass(faultAt('greeting'), session, next);
    },
    onMailFrom: (_address, session, next) => void pass(faultAt('mail'), session, next),
    onRcptTo: ({ address }, session, next) => void pass(faultAt('rcpt', address), session, next),
    onData: (stream, session, next) => {
      const to = recipientOf(session);
      const midway = faultAt('text', to);
      if (midway) return void stream.once('data', () => void pass(midway, session, next)).resume();
      const fault = faultAt('final-dot', to);
      const decide = (mail: string): Promise<void> => {
        if (!fault || !('reply' in fault)) taken.push(mail);
        return pass(fault, session, next);
      };
      text(stream).then(decide, next);
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    taken,
    connections: () => connections,
    behave: (fault, to) => {
      if (fault) faults.set(to, fault);
      else if (to === undefined) faults.clear();
      else faults.delete(to);
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

type FaultAt = (step: SmtpStep, to?: string) => SmtpFault | undefined;

/** The server has no hooks for these commands: a fault is answered in its place. */
function intercept(connection: SMTPConnection, faultAt: FaultAt): void {
  const commands = { handler_EHLO: 'ehlo', handler_HELO: 'ehlo', handler_DATA: 'data' } as const;
  for (const [name, step] of Object.entries(commands) as [keyof typeof commands, SmtpStep][]) {
    const proper = connection[name].bind(connection);
    connection[name] = (command, next) => {
      const fault = faultAt(step, recipientOf(connection.session));
      if (!fault) return proper(command, next);
      if ('holdMs' in fault) return void setTimeout(() => proper(command, next), fault.holdMs).unref();
      if ('drop' in fault) return void connection._socket.resetAndDestroy();
      connection.send(fault.reply, 'as asked');
      next();
    };
  }
}

function recipientOf({ envelope }: SMTPServerSession): string | undefined {
  return envelope.rcptTo.at(-1)?.address;
}

function hangUp(server: SMTPServer, id: string): void {
  for (const connection of server.connections) if (connection.id === id) connection._socket.resetAndDestroy();
}

function reply(responseCode: number): Error {
  return Object.assign(new Error('as asked'), { responseCode });
}
