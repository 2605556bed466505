import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Api, ApiAnswer } from '../../src/rehearsal/api.ts';
import { keepPace } from '../../src/rehearsal/pace.ts';
import { performAct } from '../../src/rehearsal/perform.ts';
import { playScript } from '../../src/rehearsal/play.ts';
import type { Act } from '../../src/rehearsal/script.ts';

const anAct = (renewalId: string, at: number): Act => ({
  key: `${renewalId} ${at}`,
  at,
  renewalId,
  by: 'A1',
  kind: 'result',
  body: { result: 'confirmed' },
});

const play = (acts: Act[], perform: Parameters<typeof playScript>[0]['perform'], clock = () => 100) =>
  playScript({ acts, perform, readNow: () => Promise.resolve(clock()), signal: new AbortController().signal });

const apiThatAnswers = (answer: ApiAnswer): Api => ({ ask: () => Promise.resolve(answer), repeats: () => 0 });

describe('Playing a script', () => {
  test('keeps the order of the acts about one case, however long each takes', async () => {
    const performed: string[] = [];
    const season = play([anAct('one', 3), anAct('one', 1), anAct('two', 2)], async ({ key, at }) => {
      await sleep(at === 1 ? 40 : 1);
      performed.push(key);
      return { kind: 'done' };
    });
    await season.run();
    expect(performed).toEqual(['two 2', 'one 1', 'one 3']);
    expect(season.state()).toMatchObject({ total: 3, due: 3, done: 3, late: [], failed: [] });
  });

  test('waits for the business instant of an act', async () => {
    let now = 0;
    const at: number[] = [];
    const season = play(
      [anAct('one', 250)],
      () => {
        at.push(now);
        return Promise.resolve({ kind: 'done' as const });
      },
      () => (now += 100),
    );
    await season.run();
    expect(at).toEqual([300]);
  });

  test('lists acts that came too late and acts that failed, and goes on', async () => {
    const season = play([anAct('one', 1), anAct('two', 2), anAct('three', 3)], ({ renewalId }) => {
      if (renewalId === 'one') return Promise.resolve({ kind: 'late' as const, detail: 'closed' });
      if (renewalId === 'two') return Promise.reject(new Error('broken'));
      return Promise.resolve({ kind: 'done' as const });
    });
    await season.run();
    expect(season.state()).toMatchObject({
      done: 3,
      late: [{ act: 'one 1', detail: 'closed' }],
      failed: [{ act: 'two 2', detail: 'broken' }],
    });
  });
});

describe('An act', () => {
  test('is late when its case has closed', async () => {
    const closed = apiThatAnswers({ status: 409, body: { code: 'case-closed', detail: 'The case is lost.' } });
    expect(await performAct(closed, anAct('one', 1))).toMatchObject({ kind: 'late' });
  });

  test('has failed when it is refused for any other reason', async () => {
    const refused = apiThatAnswers({ status: 409, body: { code: 'attempts-missing' } });
    expect(await performAct(refused, anAct('one', 1))).toEqual({ kind: 'failed', detail: '409 attempts-missing' });
  });

  test('waits for its task when nobody has assigned it so far', async () => {
    const { body: _none, ...rest } = { ...anAct('one', 1), body: undefined };
    const noTask = apiThatAnswers({ status: 200, body: { items: [] } });
    expect(await performAct(noTask, { ...rest, kind: 'file-check' })).toEqual({ kind: 'not-yet' });
  });
});

describe('The pace of a season', () => {
  test('stands still from half a day of lag, and passes more slowly when that was not enough', async () => {
    const lags = [2, 13, 14, 13, 11, 5];
    const stretches: { at: number; pauseMs: number; factor: number }[] = [];
    const stopping = new AbortController();
    let looked = 0;
    let clock = 0;
    const pace = keepPace({
      readLag: () => {
        const hours = lags[looked++] ?? 0;
        clock += 1_500;
        if (looked === lags.length) stopping.abort();
        return Promise.resolve({ hours, what: 'a timer' });
      },
      stretch: (stretch) => Promise.resolve(void stretches.push({ at: clock, ...stretch })),
      dayMs: 1_000,
      signal: stopping.signal,
      now: () => clock,
    });
    await pace.run();
    expect(stretches).toEqual([
      { at: 3_000, pauseMs: 2_000, factor: 1 },
      { at: 6_000, pauseMs: 2_000, factor: 1.2 },
    ]);
    expect(pace.state()).toMatchObject({ worst: { hours: 14, what: 'a timer' }, dayMs: 1_200, pausedMs: 4_000 });
  });
});
