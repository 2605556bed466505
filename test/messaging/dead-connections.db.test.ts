import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSendActivities } from '../../activities/send.ts';
import { smtpEmail } from '../../src/messaging/email-smtp.ts';
import type { EmailPort, SmsPort } from '../../src/messaging/provider-answer.ts';
import { twilioSms } from '../../src/messaging/sms-twilio.ts';
import { judge } from '../../src/messaging/verdict.ts';
import { standInAccount } from '../../src/stack/environment.ts';
import { calendar, openMessageBook, type MessageBook } from './message-book.ts';

/** A connection that goes wrong below HTTP and SMTP; the time-outs of both adapters end within the patience of a test. */
type Peer = (socket: Socket) => void;

const begunAnswer = 'HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"sid":"SM0';
const onBody = (socket: Socket, then: () => void): void => {
  let seen = '';
  socket.on('data', (chunk: Buffer) => {
    seen += chunk.toString('latin1');
    if (/\r\n\r\n./s.test(seen)) then();
  });
};
const peers = {
  'takes the connection and reads nothing': (socket) => void socket.pause(),
  'reads everything and says nothing': (socket) => void socket.resume(),
  'begins its answer and stops': (socket) => onBody(socket, () => socket.removeAllListeners('data').write(begunAnswer)),
  'begins its answer and hangs up': (socket) => onBody(socket, () => socket.end(begunAnswer)),
  'resets the connection in the middle of the request': (socket) => onBody(socket, () => socket.resetAndDestroy()),
  'hangs up in the middle of the request': (socket) => onBody(socket, () => socket.destroy()),
  'hangs up at once': (socket) => void socket.destroy(),
} satisfies Record<string, Peer>;
const toHttp = Object.keys(peers) as (keyof typeof peers)[];
const toSmtp = toHttp.filter((name) => !name.includes('request') && !name.includes('answer'));

let book: MessageBook;
const servers: Server[] = [];
const sockets = new Set<Socket>();

async function listen(peer: Peer): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket.on('error', () => {}));
    peer(socket);
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

const smsTo = (port: number): SmsPort =>
  twilioSms({ ...standInAccount, baseUrl: `http://127.0.0.1:${port}`, from: '+15005550006' });
const emailTo = (port: number) =>
  smtpEmail({ host: '127.0.0.1', port, secure: false, from: 'Xubao <renewals@xubao.example>' });

beforeAll(async () => {
  book = await openMessageBook();
  await book.setTime('2027-03-16T12:00');
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  await book.close();
});

type Sent = { channel: 'sms' | 'email'; sms?: SmsPort; email?: EmailPort };

const nowhere: EmailPort = { name: 'smtp', send: () => Promise.reject(new Error('nobody writes an e-mail here')) };

/** Sends one planned message, twice, as a case that does not hear of it does. */
async function sendTwice({ channel, sms, email = nowhere }: Sent) {
  const renewalId = await book.addCase();
  const messageId = await book.plan(renewalId, { channel });
  const parts = { db: book.db, calendar, sms: sms ? [sms] : [], email, reportMisconfigured: () => {} };
  const { sendSms, sendEmail } = createSendActivities(parts);
  const send = () => (channel === 'sms' ? sendSms : sendEmail)({ renewalId, touch: 't-15', stamp: '' });
  const kinds = [(await send()).kind, (await send()).kind];
  return { kinds, message: await book.findMessage(messageId) };
}

describe.concurrent('A message of which the connection dies', () => {
  test('is unknown and never tried again, whatever the SMS provider does', async () => {
    const all = toHttp.map(async (name) => {
      const { port, connections } = await listen(peers[name]);
      const { kinds, message } = await sendTwice({ channel: 'sms', sms: smsTo(port) });
      return { name, kinds, state: message.state, connections: connections() };
    });
    expect(await Promise.all(all)).toEqual(
      toHttp.map((name) => ({ name, kinds: ['unknown', 'unknown'], state: 'unknown', connections: 1 })),
    );
  });

  test('is unknown and never tried again when a mail server hangs up; given up before its final dot it is tried again', async () => {
    const all = toSmtp.map(async (name) => {
      const { port, connections } = await listen(peers[name]);
      const email = emailTo(port);
      const { kinds, message } = await sendTwice({ channel: 'email', email });
      email.close();
      return { name, kinds, state: message.state, connections: connections() };
    });
    expect(toSmtp).toHaveLength(3);
    expect(await Promise.all(all)).toEqual(
      toSmtp.map((name) =>
        name === 'hangs up at once'
          ? { name, kinds: ['unknown', 'unknown'], state: 'unknown', connections: 1 }
          : { name, kinds: ['waiting', 'waiting'], state: 'planned', connections: 2 },
      ),
    );
  });

  test.each(['resets the connection in the middle of the request', 'hangs up in the middle of the request'] as const)(
    'is unknown though the provider %s and cannot have read all of it',
    async (name) => {
      const { port } = await listen(peers[name]);
      const longerThanAnyBuffer = '续'.repeat(4_000_000);
      const answer = await smsTo(port).send({
        attemptId: '00000000-0000-7000-8000-000000000001',
        to: '+8613800000001',
        templateKey: 'expiry-near',
        templateCode: null,
        language: 'zh-CN',
        params: {},
        renderedText: longerThanAnyBuffer,
        validForSeconds: 600,
      });
      expect(answer.kind).toBe('no-answer');
      expect(judge(answer).kind).toBe('unknown');
    },
  );
});
