import { Gauge, type Registry } from 'prom-client';
import type { LiveCounts, MessageCount } from '../../reporting/live-counts.ts';

/** States in which a message is not sent and will not be. */
const unsentStates = ['suppressed', 'expired', 'cancelled', 'not-accepted'];

const series = {
  xubao_renewals: { help: 'Cases by stage and outcome', labelNames: ['stage', 'outcome'] },
  xubao_messages: { help: 'Messages by state, channel and provider', labelNames: ['state', 'channel', 'provider'] },
  xubao_messages_unsent: { help: 'Messages that do not go, by state and reason', labelNames: ['state', 'reason'] },
  xubao_messages_held: { help: 'Planned messages that are held back, by reason', labelNames: ['reason'] },
  xubao_message_receipts: { help: 'What providers reported of attempts, by their status', labelNames: ['status'] },
  xubao_staff_messages: { help: 'Messages to staff by state and kind', labelNames: ['state', 'kind'] },
  xubao_messages_uncertain_oldest_seconds: {
    help: 'Business seconds since the oldest message was claimed of which nobody can tell whether it went; 0 for none',
    labelNames: [],
  },
} as const;
type Series = keyof typeof series;
type Sample = { labels: Record<string, string>; count: number };

/** Gauges of what the database counts; each refresh replaces all of them. */
export function countGauges(registry: Registry): (counts: LiveCounts) => void {
  const gauges = (Object.keys(series) as Series[]).map((name) => {
    const { help, labelNames } = series[name];
    return { name, gauge: new Gauge<string>({ name, help, labelNames: [...labelNames], registers: [registry] }) };
  });
  return (counts) => {
    const samples = samplesOf(counts);
    for (const { name, gauge } of gauges) {
      gauge.reset();
      for (const { labels, count } of samples[name]) gauge.inc(labels, count);
    }
  };
}

function samplesOf({
  renewals,
  messages,
  receipts,
  staffMessages,
  oldestUncertainSeconds,
}: LiveCounts): Record<Series, Sample[]> {
  const unsent = messages.filter(({ state }) => unsentStates.includes(state));
  const held = messages.filter(({ state, reason }) => state === 'planned' && reason !== null);
  return {
    xubao_renewals: renewals.map(({ count, ...labels }) => ({ labels, count })),
    xubao_messages: messages.map(({ state, channel, provider, count }) => {
      return { labels: { state, channel, provider: provider ?? 'none' }, count };
    }),
    xubao_messages_unsent: unsent.map(({ state, reason, count }) => ({
      labels: { state, reason: labelOf(reason) },
      count,
    })),
    xubao_messages_held: held.map(({ reason, count }) => ({ labels: { reason: labelOf(reason) }, count })),
    xubao_message_receipts: receipts.map(({ status, count }) => ({ labels: { status: labelOf(status) }, count })),
    xubao_staff_messages: staffMessages.map(({ count, ...labels }) => ({ labels, count })),
    xubao_messages_uncertain_oldest_seconds: [{ labels: {}, count: oldestUncertainSeconds }],
  };
}

/** A code without what follows its colon; whatever does not look like a code is counted as another one. */
function labelOf(reason: MessageCount['reason']): string {
  const [code = ''] = (reason ?? 'none').split(':');
  return /^[\w./-]{1,60}$/.test(code) ? code : 'other';
}
