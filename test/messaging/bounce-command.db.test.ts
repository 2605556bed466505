import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, deploymentVariables } from '../../src/stack/environment.ts';
import { aReport } from './bounce-mails.ts';
import { openMessageBook, type MessageBook } from './message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
afterAll(() => book.close());

const ports = { api: 1, temporal: 1, temporalUi: 1, postgres: 1, smtp: 1, mail: 1, sms: 1 };

/** What the command says to a mail on its standard input, and how it ends. */
async function run(mail: Buffer, { databaseUrl, ownerUrl } = book): Promise<string> {
  const facts = {
    ports,
    zone: 'Asia/Shanghai',
    logLevel: 'info',
    devKeysFile: 'none',
    unsubscribeSecret: 'x'.repeat(32),
  };
  const env = { ...cleanEnvironment(), ...deploymentVariables({ ...facts, databaseUrl, ownerUrl }) };
  const command = spawn(process.execPath, ['src/cli.ts', 'bounce'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  command.stdin.end(mail);
  const said = Promise.all([text(command.stdout), text(command.stderr)]);
  const [status] = (await once(command, 'close')) as [number];
  return `${(await said).join('').trim()}, ${status}`;
}

describe('npx xubao bounce', { timeout: 60_000 }, () => {
  test('takes the report of a mail that came back', async () => {
    const renewalId = await book.addCase();
    const sent = {
      state: 'accepted',
      attemptId: crypto.randomUUID(),
      claimedAt: new Date(),
      address: 'wang@example.com',
    };
    const messageId = await book.plan(renewalId, { channel: 'email', ...sent });
    expect(await run(aReport({ to: 'wang@example.com' }))).toBe(
      `message ${messageId} is perhaps not delivered: unproved/5.1.1, 0`,
    );
    expect(await run(aReport({ returned: messageId }))).toBe(`message ${messageId} was not delivered: 5.1.1, 0`);
  });

  test('leaves any other mail alone', async () => {
    const mail = Buffer.from('From: wang@example.com\r\nSubject: Re: 续保\r\n\r\n好的\r\n');
    expect(await run(mail)).toBe('not a delivery status report, 0');
  });

  test('asks the mail system to come again while the database is away, and names no address', async () => {
    const away = { ...book, databaseUrl: 'postgres://xubao_app:secret@127.0.0.1:1/xubao' };
    const said = await run(aReport({ returned: crypto.randomUUID() }), away);
    expect(said).toMatch(/^The books cannot take it now: .*, 75$/);
    expect(said).not.toMatch(/secret|wang/);
  });
});
