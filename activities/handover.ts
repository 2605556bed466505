import { heartbeat } from '@temporalio/activity';
import { readClock, wallInstant } from '../src/db/business-clock.ts';
import type { Db } from '../src/db/connection.ts';
import { actOnSilence } from '../src/db/orphans/handover-deadlines.ts';
import { markNotified, unnotifiedItems } from '../src/db/orphans/handover-notices.ts';
import {
  countItems,
  readHandover,
  selectItems,
  type HandoverItem,
  type ItemCounts,
} from '../src/db/orphans/handover-records.ts';
import type { Calendar } from '../src/renewal/calendar.ts';
import type { Notice } from '../src/renewal/case-notice.ts';

type HandoverQuestion = { handoverId: string };

/** What is left of a hand-over; the deadline is a wall instant, none when everything is decided. */
type HandoverLeft = ItemCounts & { nextDeadlineAt?: number };

export type HandoverActivities = {
  notifyCases: (question: HandoverQuestion) => Promise<HandoverLeft>;
  actOnSilence: (question: HandoverQuestion) => Promise<void>;
};

type Deps = { db: Db; calendar: Calendar; notifyCase: (renewalId: string, notice: Notice) => Promise<unknown> };

const pageSize = 100;
const notifiedAtOnce = 10;

export function createHandoverActivities(deps: Deps): HandoverActivities {
  return {
    async notifyCases({ handoverId }) {
      for (let page = await unnotifiedItems(deps.db, handoverId, pageSize); page.length > 0;) {
        heartbeat(page[0]?.renewalId);
        for (let from = 0; from < page.length; from += notifiedAtOnce) {
          await Promise.all(page.slice(from, from + notifiedAtOnce).map((item) => notify(deps, item)));
        }
        page = await unnotifiedItems(deps.db, handoverId, pageSize);
      }
      return readLeft(deps, handoverId);
    },
    actOnSilence: ({ handoverId }) => deps.db.transaction((tx) => actOnSilence(tx, handoverId, deps.calendar)),
  };
}

async function notify(deps: Deps, item: HandoverItem): Promise<void> {
  const notice = noticeOf(item);
  if (notice) await deps.notifyCase(item.renewalId, notice);
  await markNotified(deps.db, item);
}

/** The key tells decisions apart, so that the same one twice changes nothing. */
function noticeOf(item: HandoverItem): Notice | undefined {
  const key = `handover.${item.handoverId}.${item.state}.${item.decidedAt?.getTime() ?? 0}`;
  switch (item.state) {
    case 'undecided':
      return { key, kind: 'owner-left' };
    case 'assigned':
      return { key, kind: 'owner-assigned', ownerId: item.ownerId ?? '' };
    case 'handed-off':
      return { key, kind: 'handed-off', channel: item.channel ?? 'call-centre' };
    default:
      return undefined;
  }
}

async function readLeft({ db }: Deps, handoverId: string): Promise<HandoverLeft> {
  const left = await countItems(db, handoverId);
  const handover = await readHandover(db, handoverId);
  const offered = await selectItems(db, { handoverId, states: ['offered'] });
  const deadlines = [
    ...(left.undecided > 0 && handover ? [handover.dueAt.getTime()] : []),
    ...offered.flatMap((item) => (item.offerDueAt ? [item.offerDueAt.getTime()] : [])),
  ];
  if (deadlines.length === 0) return left;
  return { ...left, nextDeadlineAt: wallInstant(await readClock(db), Math.min(...deadlines)) };
}
