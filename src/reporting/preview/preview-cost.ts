import type { Channel } from '../../renewal/stage-plan.ts';
import type { PreviewedCase } from './preview-cases.ts';

/** What letting the open cases follow a plan costs in Temporal: billable actions and events of their histories. */
export type PreviewCost = {
  nudges: number;
  nudgesPerSecond: number;
  /** How long the nudges take at that rate. */
  minutes: number;
  /** Cases whose timer fires too early, once, and is armed again. */
  earlyWakes: number;
  actions: number;
  events: number;
};

/** A signal, the step that turns or keeps the stage, and a new timer. */
const nudgeActions = 3;
/** Those and the cancelled timer, the activity's other two events and two workflow tasks of three each. */
const nudgeEvents = 12;
/** A fired timer, two workflow tasks of three events each, and the new timer. */
const wakeEvents = 8;
const eventsOfActivity = 3;

/**
 * Adds up cases. One that is nudged costs 4 actions and 13 events, as saved histories show; one whose wait grows costs the
 * question that it asks at its old instant, an activity for each message of a touch, and a timer. Every other case costs nothing.
 */
export function countCost(nudgesPerSecond: number) {
  const cost = { nudges: 0, earlyWakes: 0, actions: 0, events: 0 };
  return {
    add: (one: PreviewedCase): void => {
      if (one.following.nudge) {
        // Without a stage there are no search attributes to say.
        const isSaid = one.following.stageAfter !== undefined ? 1 : 0;
        cost.nudges += 1;
        cost.actions += nudgeActions + isSaid;
        cost.events += nudgeEvents + isSaid;
        return;
      }
      if (one.following.after.at <= one.following.before.at) return;
      const asked = questionsAt(one);
      cost.earlyWakes += 1;
      cost.actions += asked + 1;
      cost.events += asked * eventsOfActivity + wakeEvents;
    },
    answer: (): PreviewCost => {
      const minutes = Math.ceil((cost.nudges / nudgesPerSecond / 60) * 10) / 10;
      return { ...cost, nudgesPerSecond, minutes };
    },
  };
}

/** A touch asks for each of its messages, anything else once. */
function questionsAt({ following, plans }: PreviewedCase): number {
  const [kind, key] = following.before.what.split(':');
  if (kind !== 'touch') return 1;
  const touches = plans.books.stages.flatMap((stage) => stage.touches);
  const channels: readonly Channel[] = touches.find((touch) => touch.key === key)?.channels ?? ['sms'];
  return channels.length;
}
