import type { PreviewCost } from './preview-cost.ts';
import type { PersonLoad } from './preview-load.ts';
import type { PreviewTally } from './preview-tally.ts';

/** What somebody who publishes a plan has to know beforehand. */
export const previewWarnings = [
  'written-to-at-once',
  'messages-skipped-as-late',
  'stages-jumped-ahead',
  'stages-gone-back',
  'people-overloaded',
  'fleets-share-work',
  'nobody-takes-over',
  'nudges-take-long',
  'follows-already',
] as const;

export type PreviewWarning = { code: (typeof previewWarnings)[number]; count: number; message: string };

const longMinutes = 60;

type Previewed = { tally: PreviewTally; loads: readonly PersonLoad[]; cost: PreviewCost };

/** What an admin would want to hear of a preview before the plan is published; empty when nothing stands out. */
export function warnOf(previewed: Previewed): PreviewWarning[] {
  return [...warnOfCases(previewed), ...warnOfWork(previewed)].filter(({ count }) => count > 0);
}

function warnOfCases({ tally }: Previewed): PreviewWarning[] {
  const late = sum(tally.journey.map((row) => row.late));
  const [ahead, back] = [movesOf(tally, 1), movesOf(tally, -1)];
  return [
    {
      code: 'written-to-at-once',
      count: tally.casesWrittenToAtOnce,
      message: `${said(tally.casesWrittenToAtOnce, 'case')} would be written to at once, with ${said(tally.messagesAtOnce, 'message')}, as far as quiet hours and caps allow.`,
    },
    {
      code: 'messages-skipped-as-late',
      count: late,
      message: `${said(late, 'message')} would not be sent at all, because the day that this plan gives has passed.`,
    },
    {
      code: 'stages-jumped-ahead',
      count: ahead,
      message: `${said(ahead, 'case')} would enter a later stage at once; nobody is escalated for the time that is cut off.`,
    },
    {
      code: 'stages-gone-back',
      count: back,
      message: `${said(back, 'case')} would go back to an earlier stage.`,
    },
  ];
}

function warnOfWork({ tally, loads, cost }: Previewed): PreviewWarning[] {
  const overloaded = loads.filter(({ overBefore, overAfter }) => overAfter > overBefore).length;
  return [
    {
      code: 'people-overloaded',
      count: overloaded,
      message: `${said(overloaded, 'person', 'people')} would have more days on which more contacts are due than they can make.`,
    },
    {
      code: 'fleets-share-work',
      count: tally.casesOfFleets,
      message: `${said(tally.casesOfFleets, 'case')} of fleets would get or lose work that a fleet has once; it is counted for each of them, is given once, and passes to another of its cases where one stays in the stage.`,
    },
    {
      code: 'nobody-takes-over',
      count: tally.casesWithoutEscalation,
      message: `${said(tally.casesWithoutEscalation, 'case')} would go on without a supervisor or the call centre where a stage ends without a result; until now somebody took over.`,
    },
    {
      code: 'nudges-take-long',
      count: cost.minutes > longMinutes ? cost.nudges : 0,
      message: `${said(cost.nudges, 'case')} have to be told, which takes ${cost.minutes} minutes at ${cost.nudgesPerSecond} a second.`,
    },
    {
      code: 'follows-already',
      count: tally.concerned === 0 ? 1 : 0,
      message: 'No open case would follow another plan than it does.',
    },
  ];
}

/** Cases that move to a later stage (1) or an earlier one (-1). */
function movesOf({ stages }: PreviewTally, direction: 1 | -1): number {
  const order = [null, 'preparation', 'follow-up', 'intensive-chase', 'wrap-up'];
  const moves = stages.filter(
    ({ before, after }) => Math.sign(order.indexOf(after) - order.indexOf(before)) === direction,
  );
  return sum(moves.map(({ cases }) => cases));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function said(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
