import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBook, type Book } from '../support/given-book.ts';
import { runProgram } from '../support/run-program.ts';

const cwd = resolve('.');
let book: Book;
let folder: string;

beforeAll(async () => {
  book = await openBook();
  folder = mkdtempSync(join(tmpdir(), 'xubao-forecast-test-'));
  await book.setTime(61);
  await book.addPolicy();
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await book.close();
});

function run(...args: string[]) {
  const settings = {
    XUBAO_DATABASE_URL: book.databaseUrl,
    XUBAO_SMTP_HOST: '127.0.0.1',
    XUBAO_MAIL_FROM: 'renewals@xubao.example',
    XUBAO_SMS_FROM: '+15005550006',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'unused',
    XUBAO_OIDC_ISSUER: 'http://issuer.test',
    XUBAO_OIDC_JWKS_URL: 'http://127.0.0.1:9/jwks.json',
  };
  return runProgram(process.execPath, ['src/cli.ts', 'forecast', ...args], { cwd, env: settings });
}

describe('npx xubao forecast', () => {
  test('prints a table, writes JSON and CSV, and ends with 0', async () => {
    const [json, csv] = [join(folder, 'forecast.json'), join(folder, 'forecast.csv')];
    const { status, output } = await run('--plan', '1', '--days', '66', '--json', json, '--csv', csv);
    expect({ status, output }).toMatchObject({ status: 0 });
    expect(output).toContain('as if stage plan 1 (published) held for everybody');
    expect(output).toContain('Nobody has more than they can do.');
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ totals: { sms: 5, emails: 3, casesClosed: 1 } });
    expect(readFileSync(csv, 'utf8')).toContain('2027-01-30,A1,1,1,');
  });

  test('names a plan that does not exist, and ends with 1', async () => {
    const { status, output } = await run('--plan', '99');
    expect(status).toBe(1);
    expect(output).toContain('There is no stage plan 99.');
    expect(output).not.toContain('    at ');
  });
});
