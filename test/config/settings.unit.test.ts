import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { deploymentVariables, stackVariables } from '../../src/config/env.ts';
import { readSecrets } from '../../src/config/secrets.ts';
import { readStackSettings } from '../../src/config/stack-settings.ts';

const deployment = {
  XUBAO_DATABASE_URL: 'postgres://xubao_app:hush@db:5432/xubao',
  XUBAO_SMTP_HOST: 'smtp.example',
  XUBAO_MAIL_FROM: 'renewals@example.com',
  TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'hush-hush',
  XUBAO_SMS_FROM: '+15005550006',
  XUBAO_OIDC_ISSUER: 'https://login.example',
  XUBAO_OIDC_JWKS_URL: 'https://login.example/keys',
};

describe('settings of a deployment', () => {
  test('a business day lasts 24 hours in Shanghai unless something else is said', () => {
    const config = readConfig(deployment);
    expect(config.clock).toEqual({ zone: 'Asia/Shanghai', dayMs: 86_400_000 });
  });

  test('every bad variable is listed at once', () => {
    const read = () =>
      readConfig({ ...deployment, XUBAO_SMTP_HOST: undefined, XUBAO_ZONE: 'Mars/Base', XUBAO_PORT: 'http' });
    expect(read).toThrow(/XUBAO_ZONE[\s\S]*XUBAO_PORT[\s\S]*XUBAO_SMTP_HOST|XUBAO_SMTP_HOST[\s\S]*XUBAO_ZONE/);
  });

  test('the worker opens no port for its metrics unless one is named', () => {
    expect(readConfig(deployment).worker.metricsPort).toBeUndefined();
    expect(readConfig({ ...deployment, XUBAO_WORKER_METRICS_PORT: '9464' }).worker.metricsPort).toBe(9464);
  });

  test('an empty variable counts as unset', () => {
    expect(readConfig({ ...deployment, XUBAO_ZONE: '', XUBAO_SMS_BASE_URL: '' }).sms).not.toHaveProperty('baseUrl');
  });

  test('no password and no token can be read from what is logged', () => {
    const config = JSON.stringify(readConfig(deployment));
    const secrets = readSecrets(deployment);
    expect(secrets.twilioAuthToken).toBe('hush-hush');
    expect(config).not.toContain('hush');
  });

  test('a version in a worker deployment has a build, and held patches are names', () => {
    const named = { ...deployment, XUBAO_DEPLOYMENT: 'xubao' };
    expect(() => readConfig(named)).toThrow('XUBAO_BUILD_ID');
    const config = readConfig({ ...named, XUBAO_BUILD_ID: '1.4.0', XUBAO_HELD_PATCHES: 'one, two' });
    expect(config.worker).toMatchObject({ deployment: 'xubao', buildId: '1.4.0', heldPatches: ['one', 'two'] });
  });

  test('production needs a secret for the links out of e-mails, elsewhere mails carry none without it', () => {
    const production = { ...deployment, NODE_ENV: 'production' };
    const secret = 'a-secret-of-thirty-two-characters';
    expect(() => readSecrets(production)).toThrow('XUBAO_UNSUBSCRIBE_SECRET');
    expect(() => readSecrets({ ...production, XUBAO_UNSUBSCRIBE_SECRET: 'short' })).toThrow('XUBAO_UNSUBSCRIBE_SECRET');
    expect(readSecrets({ ...production, XUBAO_UNSUBSCRIBE_SECRET: secret }).unsubscribeSecret).toBe(secret);
    expect(readSecrets(deployment).unsubscribeSecret).toBeUndefined();
  });

  test.each([
    ['XUBAO_TODAY', '2026-12-01'],
    ['XUBAO_DAY', '1s'],
    ['XUBAO_DEV_KEYS_FILE', '/tmp/keys.json'],
  ])('production refuses %s', (name, value) => {
    expect(() => readConfig({ ...deployment, NODE_ENV: 'production', [name]: value })).toThrow(name);
  });
});

describe('settings of the embedded stack', () => {
  test.each([
    ['500ms', 500],
    ['6s', 6_000],
    ['1.5m', 90_000],
    ['24h', 86_400_000],
  ])('a business day of %s lasts %d ms', (written, dayMs) => {
    expect(readStackSettings({ XUBAO_DAY: written }).dayMs).toBe(dayMs);
  });

  test.each(['0s', '25h', '6', '1d', '-1s'])('a business day of %s is refused', (written) => {
    expect(() => readStackSettings({ XUBAO_DAY: written })).toThrow('XUBAO_DAY');
  });

  test('29 February of a common year is no date to start on', () => {
    expect(() => readStackSettings({ XUBAO_TODAY: '2027-02-29' })).toThrow('XUBAO_TODAY');
  });

  test('production refuses to move the business clock here too', () => {
    expect(() => readStackSettings({ NODE_ENV: 'production', XUBAO_DAY: '1s' })).toThrow('XUBAO_DAY');
  });
});

describe('.env.example', () => {
  const example = parseEnv(readFileSync(new URL('../../.env.example', import.meta.url), 'utf8'));

  test('names every variable and no other', () => {
    const known = new Set([...Object.keys(stackVariables.shape), ...Object.keys(deploymentVariables.shape)]);
    expect(Object.keys(example).toSorted()).toEqual([...known].toSorted());
  });

  test('can be used as it is by the embedded stack', () => {
    expect(readStackSettings(example)).toEqual(readStackSettings({}));
  });
});
