import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ICruiseResult } from 'dependency-cruiser';
import { beforeAll, describe, expect, test } from 'vitest';
import { cruiseFolders, ourFolders, violationsOf } from './cruise-folders.ts';

const fixture = resolve('test/architecture/fixture');

const violationByRule: [rule: string, importer: string][] = [
  ['renewal-imports-only-its-row', 'src/renewal/reads-the-database.ts'],
  ['renewal-imports-only-its-packages', 'src/renewal/reads-files.ts'],
  ['renewal-imports-only-its-packages', 'src/renewal/uses-a-package.ts'],
  ['config-imports-only-its-row', 'src/config/knows-the-rules.ts'],
  ['calendar-imports-only-its-row', 'src/calendar/knows-the-api.ts'],
  ['db-imports-only-its-row', 'src/db/knows-the-api.ts'],
  ['messaging-imports-only-its-row', 'src/messaging/starts-cases.ts'],
  ['intake-imports-only-its-row', 'src/intake/starts-cases.ts'],
  ['reporting-imports-only-its-row', 'src/reporting/starts-cases.ts'],
  ['forecast-imports-only-its-row', 'src/forecast/starts-cases.ts'],
  ['cases-imports-only-its-row', 'src/cases/knows-the-api.ts'],
  ['cases-imports-types-only', 'src/cases/runs-a-workflow.ts'],
  ['api-imports-only-its-row', 'src/api/calls-an-activity.ts'],
  ['api-imports-only-its-row', 'src/api/knows-its-main.ts'],
  ['api-imports-only-its-row', 'src/api/uses-a-test.ts'],
  ['activities-imports-only-its-row', 'activities/knows-the-api.ts'],
  ['workflows-imports-only-its-row', 'workflows/reads-the-database.ts'],
  ['workflows-imports-types-only', 'workflows/calls-an-activity.ts'],
  ['workflows-imports-only-its-packages', 'workflows/uses-zod.ts'],
  ['workflows-imports-only-its-packages', 'workflows/reads-files.ts'],
  ['nobody-imports-a-composition-root', 'src/api/knows-its-main.ts'],
  ['product-does-not-import-tests', 'src/api/uses-a-test.ts'],
  ['product-does-not-import-tests', 'src/api/uses-vitest.ts'],
  ['no-cycles', 'src/api/cycle-one.ts'],
  ['no-barrels', 'src/api/barrel.ts'],
  ['no-orphan-test-helpers', 'test/nobody-uses-me.ts'],
  ['every-import-resolves', 'src/api/imports-nothing-known.ts'],
];

const ruleNames = (result: ICruiseResult) =>
  (result.summary.ruleSetUsed?.forbidden ?? []).map((rule) => rule.name ?? 'unnamed');

const cruisedSources = (result: ICruiseResult) =>
  result.modules
    .map((module) => module.source)
    .filter((source) => /^(src|workflows|activities|test|bench)\/.*[.]ts$/.test(source))
    .toSorted();

describe('The import table of this repository', () => {
  let result: ICruiseResult;
  beforeAll(async () => {
    result = await cruiseFolders(resolve('.'), ourFolders);
  });

  test('is kept by every file', () => {
    expect(violationsOf(result)).toEqual([]);
  });

  test('was checked against every file on disk', () => {
    const onDisk = globSync(`{${ourFolders.join(',')}}/**/*.ts`).filter((file) => !file.includes('fixture/'));
    expect(cruisedSources(result)).toEqual(onDisk.toSorted());
  });

  test('has a row for every folder that is not a composition root', () => {
    const placed = (result.summary.ruleSetUsed?.forbidden ?? [])
      .filter((rule) => rule.name?.endsWith('-imports-only-its-row'))
      .map((rule) => new RegExp(String(rule.from.path)));
    const compositionRoots = /^src\/(stack|rehearsal)\/|^src\/(cli|main-[a-z]+)[.]ts$/;
    const homeless = cruisedSources(result)
      .filter((source) => !/^(test|bench)\//.test(source))
      .filter((source) => ![compositionRoots, ...placed].some((place) => place.test(source)));
    expect(homeless).toEqual([]);
  });
});

describe('The import table on a tree with one forbidden import a file', () => {
  let result: ICruiseResult;
  beforeAll(async () => {
    result = await cruiseFolders(fixture, ['src', 'workflows', 'activities', 'test'], '^dist/');
  });

  test('names each forbidden import and no allowed one', () => {
    const found = result.summary.violations.map((violation) => `${violation.rule.name}: ${violation.from}`);
    expect(found.toSorted()).toEqual(violationByRule.map(([rule, importer]) => `${rule}: ${importer}`).toSorted());
  });

  test('has shown for each of its rules that it can fail', () => {
    expect(new Set(violationByRule.map(([rule]) => rule))).toEqual(new Set(ruleNames(result)));
  });
});
