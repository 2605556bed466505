import { expect, test } from 'vitest';
import { capsUnder, leavesTimeToSend, sendingWindowUnder } from '../../src/renewal/sending-limits.ts';
import { defaultSettings } from '../../src/renewal/settings.ts';
import { defaultStagePlan } from '../../src/renewal/default-stage-plan.ts';

test('the default quiet hours leave the window of the default plan as it is', () => {
  const window = sendingWindowUnder(defaultStagePlan.sendingWindow, defaultSettings['quiet-hours']);
  expect(window).toEqual(defaultStagePlan.sendingWindow);
});

test.each([
  ['a stricter plan keeps its own window', [600, 1080], [1260, 540], [600, 1080]],
  ['a looser plan is cut to the time outside the quiet hours', [0, 1440], [1260, 540], [540, 1260]],
  ['a plan that is looser in the evening alone is cut there', [600, 1320], [1260, 540], [600, 1260]],
  ['quiet hours of 1440 and 0 are none', [0, 1440], [1440, 0], [0, 1440]],
] as const)('%s', (...[, [fromMinute, toMinute], [quietFrom, quietTo], [from, to]]) => {
  const window = sendingWindowUnder({ fromMinute, toMinute }, { fromMinute: quietFrom, toMinute: quietTo });
  expect(window).toEqual({ fromMinute: from, toMinute: to });
  expect(leavesTimeToSend(window)).toBe(true);
});

test('a plan whose window lies in the quiet hours leaves no time', () => {
  const window = sendingWindowUnder({ fromMinute: 540, toMinute: 600 }, { fromMinute: 1260, toMinute: 600 });
  expect(leavesTimeToSend(window)).toBe(false);
});

test('the lower cap of the plan and the house holds, for the day and the week alike', () => {
  const caps = capsUnder({ touchesPerDay: 1, contactsPerWeek: 5 }, { touchesPerDay: 2, contactsPerWeek: 3 });
  expect(caps).toEqual({ touchesPerDay: 1, contactsPerWeek: 3 });
});
