import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { changeSetting, readSettingRow } from '../db/settings-records.ts';
import { roles, type Role } from '../db/staff/staff-records.ts';
import type { Calendar } from '../renewal/calendar.ts';
import { defaultSettings, type QuietHours, type SettingName, type SmsProviders } from '../renewal/settings.ts';
import { listSettings, listSettingVersions } from '../db/setting-list.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import { badFields, notFound, Problem } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { requireSetUp, requireTimeToSend, withWarnings } from './setting-checks.ts';
import { listOf } from './schemas/basics.ts';
import { settingContents } from './schemas/setting-contents.ts';
import {
  settingAnswer,
  settingBody,
  settingItem,
  settingName,
  settingQuery,
  settingVersion,
  settingVersionFilters,
} from './schemas/settings.ts';
import { checkInput } from './doors/validation.ts';

const tag = 'settings';
const readers: readonly Role[] = roles.filter((role) => role !== 'core-system');

/** `smsProviders` names those that are set up here. */
type Parts = { db: Db; calendar: Calendar; smsProviders: readonly string[] };

export function settingRoutes(parts: Parts): Route[] {
  return [listRoute(parts), readRoute(parts), versionsRoute(parts), changeRoute(parts)];
}

function listRoute({ db }: Parts): Route {
  return route({
    method: 'get',
    path: '/v1/settings',
    summary: 'The settings and which version of each is in force',
    tag,
    roles: readers,
    answers: { 200: { description: 'Each name once', schema: z.strictObject({ items: z.array(settingItem) }) } },
    handle: async () => ({ status: 200, body: { items: await listSettings(db) } }),
  });
}

function readRoute({ db, calendar }: Parts): Route {
  return route({
    method: 'get',
    path: '/v1/settings/{name}',
    summary: 'A setting as it is in force, or as an older version said',
    tag,
    roles: readers,
    params: settingName,
    reach: 'unscoped',
    query: settingQuery,
    problems: [404],
    answers: { 200: { description: 'The newest version, or the one asked for', schema: settingAnswer } },
    handle: async ({ params: { name }, query }) => ({
      status: 200,
      body: await withWarnings({ db, calendar }, await storedSetting(db, name, query.version)),
    }),
  });
}

async function storedSetting(db: Db, name: SettingName, version: number | undefined) {
  const stored = version === 0 ? undefined : await readSettingRow(db, name, version);
  if (stored) return stored;
  if (version !== undefined && version > 0) throw notFound('version of this setting');
  return { name, version: 0, content: defaultSettings[name], changedBy: null, changedAt: null, reason: null };
}

function versionsRoute({ db }: Parts): Route {
  return route({
    method: 'get',
    path: '/v1/settings/{name}/versions',
    summary: 'Who changed a setting, when and why',
    description: 'The newest first; version 0, the default, is not among them. Read the content with `?version=`.',
    tag,
    roles: readers,
    params: settingName,
    reach: 'unscoped',
    query: settingVersionFilters,
    answers: { 200: { description: 'One page of versions', schema: listOf(settingVersion) } },
    handle: async ({ params: { name }, query: { limit, cursor: asked } }) => {
      const list = `settings.${name}`;
      const before = readCursor(list, z.object({ version: z.number().int() }), asked)?.version;
      const rows = await listSettingVersions(db, { name, before, limit: limit + 1 });
      const cursor = ({ version }: (typeof rows)[number]): string => writeCursor(list, { version });
      return { status: 200, body: pageOf(rows, limit, { item: (row) => row, cursor }) };
    },
  });
}

function changeRoute({ db, calendar, smsProviders }: Parts): Route {
  return route({
    method: 'put',
    path: '/v1/settings/{name}',
    summary: 'Change a setting: a new version, in force from now on',
    tag,
    roles: ['admin'],
    params: settingName,
    reach: 'unscoped',
    body: settingBody,
    problems: [409],
    answers: { 200: { description: 'The version now in force', schema: settingAnswer } },
    handle: async ({ person, params: { name }, body }) => {
      const content = checkedContent(name, body.content);
      const change = { name, content, changedBy: person.id, reason: body.reason, expected: body.version };
      const changed = await db.transaction(async (tx) => {
        if (name === 'quiet-hours') await requireTimeToSend(tx, content as QuietHours);
        if (name === 'sms-providers') requireSetUp(content as SmsProviders, smsProviders);
        return changeSetting(tx, change);
      });
      if (changed.kind === 'changed') return { status: 200, body: await withWarnings({ db, calendar }, changed.row) };
      const detail = `Version ${changed.version} is in force now; look at it and change that one.`;
      throw new Problem({ status: 409, code: 'setting-changed', detail });
    },
  });
}

function checkedContent(name: SettingName, written: unknown) {
  try {
    return checkInput(settingContents[name], written);
  } catch (error) {
    if (!(error instanceof Problem) || !error.facts.errors) throw error;
    throw badFields(error.facts.errors.map(({ path, message }) => ({ path: joined('content', path), message })));
  }
}

function joined(before: string, path: string): string {
  return path === '' ? before : `${before}.${path}`;
}
