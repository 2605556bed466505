import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchorClock } from '../../src/db/business-clock.ts';
import { seedOrganisation } from './a-book.ts';
import { runApi, type Asker, type RunningApi } from './running-api.ts';

let api: RunningApi;
let admin: Asker;

beforeAll(async () => {
  api = await runApi();
  await seedOrganisation(api.db);
  admin = api.as('admin');
});
afterAll(() => api.close());

const today = (day: string) => anchorClock(api.db, { businessAt: Date.parse(`${day}T10:00:00+08:00`), speed: 1 });
const warningsOf = async () => (await admin.get('/v1/settings/calendar')).body.warnings;
const content = (holidays: string[], workdays: string[] = []) => ({
  holidays: holidays.map((day) => ({ day, note: 'published' })),
  workdays: workdays.map((day) => ({ day, note: 'made-up' })),
});

describe('The calendar as a setting', () => {
  test('warns of a year that deadlines are about to fall into and of which no holidays are known', async () => {
    await today('2026-08-01');
    expect(await warningsOf()).toEqual([]);
    await today('2026-11-20');
    expect(await warningsOf()).toEqual([expect.stringContaining('2027')]);

    const changed = await admin.put('/v1/settings/calendar', { content: content(['2027-10-01'], ['2027-10-09']) });

    expect(changed).toMatchObject({ status: 200, body: { version: 1, warnings: [] } });
    expect(await warningsOf()).toEqual([]);
  });

  test.each([
    ['a day that is both off and worked', content(['2027-10-01'], ['2027-10-01']), 'content.workdays.0.day'],
    ['a day named twice', content(['2027-10-01', '2027-10-01']), 'content.holidays.1.day'],
    ['a day that does not exist', content(['2027-02-29']), 'content.holidays.0.day'],
    ['a day without its note', { holidays: [{ day: '2027-10-01' }], workdays: [] }, 'content.holidays.0.note'],
  ])('refuses %s', async (_what, wrong, path) => {
    const refused = await admin.put('/v1/settings/calendar', { content: wrong });

    expect(refused).toMatchObject({ status: 422, body: { errors: [expect.objectContaining({ path })] } });
  });
});
