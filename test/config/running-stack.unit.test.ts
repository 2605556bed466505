import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readStackSettings } from '../../src/config/stack-settings.ts';
import { readRunning, takeDataFolder } from '../../src/stack/data-folder.ts';
import { environmentInReach } from '../../src/stack/running-environment.ts';

const ports = { api: 4101, temporal: 4102, temporalUi: 4103, postgres: 4104, smtp: 4105, mail: 4106, sms: 4107 };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xubao-running-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('A data folder tells where the stack on it listens, until it is left', async () => {
  const taken = await takeDataFolder(folder);
  const before = readRunning(folder);
  taken.runWith({ ports, zone: 'Europe/Madrid', dayMs: 30_000 });
  taken.remember('postgres', process.pid);

  expect([before, readRunning(folder)]).toEqual([{}, { ports, zone: 'Europe/Madrid', dayMs: 30_000 }]);
  expect(readFileSync(join(folder, 'running.json'), 'utf8')).not.toMatch(/password|postgres:\/\//);
  taken.release();
  expect(readRunning(folder)).toBeUndefined();
});

test('A command that is told a folder on which nothing runs any more says so, and what to set', () => {
  const settings = readStackSettings({ XUBAO_DATA_DIR: folder });
  const left = { holder: 'a process that has ended', pid: process.pid, parts: {}, runningWith: { ports } };
  writeFileSync(join(folder, 'running.json'), JSON.stringify(left));

  expect(() => environmentInReach({}, settings)).toThrow(
    /No embedded stack is running on .*XUBAO_DATA_DIR.*XUBAO_DATABASE_URL/,
  );
});
