import type { Db } from '../db/connection.ts';
import { changeSetting, readSettingRow } from '../db/settings-records.ts';
import { roles, type Role } from '../db/staff/staff-records.ts';
import { defaultSettings, type SettingName } from '../renewal/settings.ts';
import { badFields, Problem } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { settingAnswer, settingBody, settingContents, settingName } from './schemas/settings.ts';
import { checkInput } from './doors/validation.ts';

const tag = 'settings';
const readers: readonly Role[] = roles.filter((role) => role !== 'core-system');

export function settingRoutes(parts: { db: Db }): Route[] {
  return [readRoute(parts), changeRoute(parts)];
}

function readRoute({ db }: { db: Db }): Route {
  return route({
    method: 'get',
    path: '/v1/settings/{name}',
    summary: 'A setting as it is in force',
    tag,
    roles: readers,
    params: settingName,
    reach: 'unscoped',
    answers: { 200: { description: 'The newest version', schema: settingAnswer } },
    handle: async ({ params }) => ({ status: 200, body: await settingInForce(db, params.name) }),
  });
}

async function settingInForce(db: Db, name: SettingName) {
  const stored = await readSettingRow(db, name);
  if (stored) return stored;
  return { name, version: 0, content: defaultSettings[name], changedBy: null, changedAt: null, reason: null };
}

function changeRoute({ db }: { db: Db }): Route {
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
      const changed = await db.transaction((tx) => changeSetting(tx, change));
      if (changed.kind === 'changed') return { status: 200, body: changed.row };
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
