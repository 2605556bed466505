import type { Calendar, Instant } from '../renewal/calendar.ts';
import { stages } from '../renewal/stage-plan.ts';
import type { PaceState } from './pace.ts';
import type { PlayState } from './play.ts';
import type { Counts, Situation } from './situation.ts';

export type Scene = { situation: Situation; play: PlayState; pace: PaceState; elapsedMs: number; leftMs: number };

/** The season as it stands, one line a topic. */
export function describeScene(scene: Scene, calendar: Calendar): string[] {
  const { situation, play, pace } = scene;
  return [
    `${written(situation.now, calendar)}   ${duration(scene.elapsedMs)} elapsed, about ${duration(scene.leftMs)} left`,
    `cases     ${inOrder(situation.openByStage, ['waiting', ...stages])}`,
    `outcomes  ${inOrder(situation.closedByOutcome, ['renewed', 'lost', 'orphan-handed-off'])}`,
    `messages  ${inOrder(situation.messages, ['planned', 'accepted', 'delivered', 'unknown'])}`,
    `tasks     ${inOrder(situation.tasks, ['open', 'completed', 'dropped'])}`,
    `acts      ${play.done} done of ${play.due} due, ${play.total} in all; ${play.late.length} late, ${play.failed.length} failed`,
    `lag       ${hours(pace.lag.hours)} now, ${hours(pace.worst.hours)} at most; day of ${(pace.dayMs / 1000).toFixed(1)} s, stood still for ${duration(pace.pausedMs)}`,
  ];
}

export type Display = { show: (lines: string[]) => void; end: () => void };

const plainEveryMs = 10_000;

/** Redraws in place on a terminal; elsewhere one plain line every ten seconds. */
export function openDisplay(out: NodeJS.WriteStream): Display {
  let drawn = 0;
  let plainAt = 0;
  const erase = (): void => {
    if (drawn > 0) out.write(`\x1b[${drawn}A\x1b[J`);
    drawn = 0;
  };
  return {
    show: (lines) => {
      if (out.isTTY) {
        erase();
        out.write(lines.map((line) => `${line.slice(0, out.columns - 1)}\n`).join(''));
        drawn = lines.length;
      } else if (Date.now() - plainAt >= plainEveryMs) {
        plainAt = Date.now();
        out.write(`${lines.map((line) => line.replace(/\s+/g, ' ')).join(' | ')}\n`);
      }
    },
    end: () => void (drawn = 0),
  };
}

export function duration(ms: number): string {
  if (ms > 0 && ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.max(0, Math.round(ms / 1_000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function written(now: Instant, calendar: Calendar): string {
  const minute = calendar.minuteOfDay(now);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${calendar.dayOf(now)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function inOrder(counts: Counts, order: readonly string[]): string {
  const names = [...order, ...Object.keys(counts).filter((name) => !order.includes(name))];
  return names.map((name) => `${name} ${counts[name] ?? 0}`).join(', ');
}

function hours(value: number): string {
  return `${value.toFixed(1)} h`;
}
