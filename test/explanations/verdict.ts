/** What a reader of the journal sees of a decision: the inputs of its explanation, and the calendar. */
export type Seen = {
  inputs: Record<string, unknown>;
  calendar: { zone: string; day: string; minuteOfDay: number; workdays?: string[] };
};

/** A decision with the rule that made it; `until` and `who` where it has one. */
export type Verdict = { rule: string; does: string; until?: number; who?: string | null };

export type Entry = {
  event: string;
  inputs: Record<string, unknown>;
  explanation: (Seen & { rule: string; source: string; planVersion: number | null }) | null;
};

const sent = ['message-accepted', 'message-not-accepted', 'message-unknown', 'message-planned-again'];

/** The decision that an entry tells of. */
export function decisionOf({ event, inputs, explanation }: Entry): Verdict {
  const rule = explanation?.rule ?? '';
  if (sent.includes(event)) return { rule, does: 'sent' };
  const does = event.replace(/^message-/, '').replace(/^(task-[a-z-]+):.*/, '$1');
  if (event.startsWith('task-') || event.startsWith('owner-')) return { rule, does, who: whoOf(inputs) };
  const isHold = event === 'message-held' || event === 'held';
  return isHold ? { rule, does, until: Date.parse(String(inputs['until'])) } : { rule, does };
}

function whoOf({ assigneeId, to, ownerId }: Record<string, unknown>): string | null {
  const who = assigneeId ?? to ?? ownerId;
  return typeof who === 'string' ? who : null;
}

export function agrees(decision: Verdict, allowed: readonly Verdict[]): boolean {
  const one = JSON.stringify(normal(decision));
  return allowed.some((other) => JSON.stringify(normal(other)) === one);
}

function normal({ rule, does, until = 0, who = null }: Verdict): unknown[] {
  return [rule, does, until, who];
}

/** How many entries there are of each key, in the order of the keys. */
export function countBy(entries: readonly Entry[], keyOf: (entry: Entry) => string): Record<string, number> {
  const groups = Map.groupBy(entries, keyOf);
  return Object.fromEntries([...groups].map(([key, group]) => [key, group.length] as const).toSorted());
}
