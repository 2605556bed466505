import { continueAsNew, proxyActivities, setCurrentDetails, sleep } from '@temporalio/workflow';
import type {
  StaffDue,
  StaffMessageActivities,
  StaffPlanned,
  StaffSendActivities,
} from '../activities/staff-messages.ts';
import type { StaffMessageKind } from '../src/renewal/staff-message.ts';
import { historyIsLong } from './long-history.ts';
import { plannedStart } from './planned-start.ts';

const patiently = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' } as const;

const books = proxyActivities<StaffMessageActivities>({ startToCloseTimeout: '2m', retry: patiently });

// Eager dispatch would go round the rate caps of these queues.
const sms = proxyActivities<Pick<StaffSendActivities, 'sendStaffSms'>>({
  taskQueue: 'sms',
  startToCloseTimeout: '1m',
  heartbeatTimeout: '20s',
  allowEagerDispatch: false,
  retry: patiently,
});
const email = proxyActivities<Pick<StaffSendActivities, 'sendStaffEmail'>>({
  taskQueue: 'email',
  // An SMTP server may take ten minutes after the final dot; giving up sooner makes unknowns (promises.md).
  startToCloseTimeout: '11m',
  heartbeatTimeout: '20s',
  allowEagerDispatch: false,
  retry: patiently,
});

const shortestWaitMs = 250;

/** A long run hands to the next one what it was planned for (wall ms) and whom it looked at last. */
type StaffDigestInput = { kind: StaffMessageKind; scheduledAt?: number; after?: string };
type StaffDigestDone = { kind: StaffPlanned['kind']; day?: string; tried: number };

type Round = { kind: StaffMessageKind; scheduledAt: number };
type OfDay = { day?: string };

/** What goes to staff on one morning: planned for each of them, then sent, a few at a time (business.md, Staff nudges). */
export async function staffDigest(input: StaffDigestInput): Promise<StaffDigestDone> {
  const round = { kind: input.kind, scheduledAt: input.scheduledAt ?? plannedStart() };
  const { kind, day } = await planAll(round, input.after ?? '');
  const ofDay = day === undefined ? {} : { day };
  return { kind, ...ofDay, tried: kind === 'planned' ? await sendAll(round, ofDay) : 0 };
}

async function planAll(round: Round, after: string): Promise<StaffPlanned> {
  const planned = await books.planStaffMessages({ ...round, after });
  if (planned.kind !== 'planned' || planned.after === null) return planned;
  if (historyIsLong()) return goOn({ ...round, after: planned.after });
  return planAll(round, planned.after);
}

/** Sends what may go, and waits for what is held back; hand-overs are looked at again by a run of their own. */
async function sendAll(round: Round, ofDay: OfDay): Promise<number> {
  for (let tried = 0; ;) {
    const { due, nextAt } = await books.readDueStaffMessages({ kind: round.kind, ...ofDay });
    await Promise.all(due.map(send));
    tried += due.length;
    setCurrentDetails(`${round.kind} ${ofDay.day ?? ''}: ${tried} tried`);
    if (due.length === 0) {
      if (nextAt === undefined || round.kind === 'hand-over') return tried;
      await waitUntil(nextAt);
    }
    if (historyIsLong()) return goOn(round);
  }
}

function send({ messageId, channel }: StaffDue['due'][number]): Promise<void> {
  return channel === 'sms' ? sms.sendStaffSms({ messageId }) : email.sendStaffEmail({ messageId });
}

async function waitUntil(instant: number): Promise<void> {
  await sleep(Math.max(shortestWaitMs, instant - Date.now()), { summary: 'the next message to staff may go' });
}

/** What was planned or sent stays so: the next run finds it in the books. */
function goOn(input: StaffDigestInput): Promise<never> {
  return continueAsNew<typeof staffDigest>(input);
}
