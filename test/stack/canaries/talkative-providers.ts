import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** Providers whose every second answer is an error that quotes whom it was for, and a word of its own. */
export type TalkativeProviders = {
  smsUrl: string;
  smtpPort: number;
  /** How many requests were answered with each status. */
  answered: Record<string, number>;
  stop: () => Promise<void>;
};

const sidOf = (turn: number): string => `SM${String(turn).padStart(32, '0')}`;

/** `sayings` are words that must not leave the provider's answer. */
export async function startTalkativeProviders(sayings: readonly string[]): Promise<TalkativeProviders> {
  const answered: Record<string, number> = {};
  let turn = 0;
  const next = (status: string): string => {
    answered[status] = (answered[status] ?? 0) + 1;
    return `${sayings[(turn += 1) % sayings.length]}`;
  };
  const sms = startSms(next);
  const smtp = startSmtp(next);
  sms.listen(0, '127.0.0.1');
  smtp.listen(0, '127.0.0.1');
  await Promise.all([once(sms, 'listening'), once(smtp.server, 'listening')]);
  return {
    smsUrl: `http://127.0.0.1:${(sms.address() as AddressInfo).port}`,
    smtpPort: (smtp.server.address() as AddressInfo).port,
    answered,
    stop: async () => {
      sms.closeAllConnections();
      await Promise.all([
        new Promise((resolve) => sms.close(resolve)),
        new Promise<void>((resolve) => smtp.close(resolve)),
      ]);
    },
  };
}

function startSms(next: (status: string) => string): Server {
  let requests = 0;
  return createServer((request, response) => {
    let form = '';
    request.on('data', (piece: Buffer) => (form += piece.toString()));
    request.on('end', () => {
      const { To: to = '', Body: body = '' } = Object.fromEntries(new URLSearchParams(form));
      requests += 1;
      const json = (status: number, answer: object): void =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      switch (requests % 5) {
        case 0: {
          const message = `The 'To' number ${to} is not valid: ${next('sms 400')} ${body}`;
          return json(400, { code: 21211, message, more_info: `https://example.com/${to}`, status: 400 });
        }
        case 1:
          return void response.writeHead(500).end(`<h1>${next('sms 500')} ${to} ${body}</h1>`);
        case 2:
          return json(429, { code: 20429, message: `${next('sms 429')} ${to}`, status: 429 });
        case 3:
          next('sms reset');
          return void request.socket.resetAndDestroy();
        default:
          next('sms 201');
          return json(201, { sid: sidOf(requests), status: 'queued', to, body });
      }
    });
  });
}

function startSmtp(next: (status: string) => string): SMTPServer {
  let mails = 0;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onData: (stream, session, done) => {
      let mail = '';
      stream.on('data', (piece: Buffer) => (mail += piece.toString()));
      stream.on('end', () => {
        mails += 1;
        const to = session.envelope.rcptTo.map(({ address }) => address).join();
        const status = [250, 550, 451][mails % 3] ?? 250;
        const text = `${next(`smtp ${status}`)} for ${to}`;
        done(status === 250 ? null : Object.assign(new Error(text), { responseCode: status }));
      });
    },
  });
  server.on('error', () => {});
  return server;
}
