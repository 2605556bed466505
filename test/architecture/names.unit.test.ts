import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';

const technicalWords = /(^|[-.])(utils?|helpers?|common|misc|shared|managers?|services?|handlers?)([-.]|$)/;
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const testSuffix = /[.](unit|workflow|db|api|stack)[.]test[.]ts$/;

const misnamed = (file: string): boolean => {
  const stem = basename(file)
    .replace(testSuffix, '')
    .replace(/([.]d)?[.]ts$/, '');
  return (
    technicalWords.test(file.replaceAll('/', '-')) || !kebabCase.test(stem.replace(/[.]((global-)?setup|config)$/, ''))
  );
};

const hasCostlessSuffix = (file: string): boolean => file.endsWith('.test.ts') && !testSuffix.test(file);

const exportsDefault = (source: string): boolean => /^export default\b|^export\s*[{][^}]*\bas default\b/m.test(source);

const files = globSync('{src,workflows,activities,test,bench}/**/*.ts').filter((file) => !file.includes('fixture/'));

describe('File names', () => {
  test('are kebab-case nouns without technical filler words', () => {
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter(misnamed)).toEqual([]);
  });

  test('of tests say what the test costs', () => {
    expect(files.filter(hasCostlessSuffix)).toEqual([]);
  });

  test.each(['src/db/db-utils.ts', 'src/common/money.ts', 'src/api/RenewalService.ts', 'src/api/mailHelper.ts'])(
    'such as %s are refused',
    (file) => {
      expect(misnamed(file)).toBe(true);
    },
  );

  test('of a test without its cost are refused', () => {
    expect(hasCostlessSuffix('test/renewal/stage-plan.test.ts')).toBe(true);
  });
});

describe('Exports', () => {
  test('are named, so that one thing has one name everywhere', () => {
    expect(files.filter((file) => exportsDefault(readFileSync(file, 'utf8')))).toEqual([]);
  });

  test.each(['export default function run() {}', 'export { run as default };'])(
    'such as «%s» are refused',
    (source) => {
      expect(exportsDefault(source)).toBe(true);
    },
  );
});
