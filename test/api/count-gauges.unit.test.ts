import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { countGauges } from '../../src/api/doors/count-gauges.ts';
import type { LiveCounts, MessageCount } from '../../src/reporting/live-counts.ts';

const nothing: LiveCounts = { renewals: [], messages: [], receipts: [], staffMessages: [], oldestUncertainSeconds: 0 };
const message = (facts: Partial<MessageCount>): MessageCount => ({
  state: 'planned',
  channel: 'sms',
  provider: null,
  reason: null,
  count: 1,
  ...facts,
});

async function figuresOf(...counts: Partial<LiveCounts>[]): Promise<string[]> {
  const registry = new Registry();
  const set = countGauges(registry);
  for (const one of counts) set({ ...nothing, ...one });
  const lines = (await registry.metrics()).split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

describe('The figures of messages', () => {
  test('add up what stands alike, whatever the reason', async () => {
    const messages = [
      message({ count: 2 }),
      message({ reason: 'quiet-hours', count: 3 }),
      message({ provider: 'twilio' }),
    ];
    const figures = await figuresOf({ messages });
    expect(figures).toContain('xubao_messages{state="planned",channel="sms",provider="none"} 5');
    expect(figures).toContain('xubao_messages{state="planned",channel="sms",provider="twilio"} 1');
    expect(figures).toContain('xubao_messages_held{reason="quiet-hours"} 3');
  });

  test('say why messages do not go, the closes of all outcomes as one reason', async () => {
    const messages = [
      message({ state: 'cancelled', reason: 'case-closed:renewed' }),
      message({ state: 'cancelled', reason: 'case-closed:lost', count: 4 }),
      message({ state: 'not-accepted', reason: 'http-400/21211' }),
    ];
    const figures = await figuresOf({ messages });
    expect(figures).toContain('xubao_messages_unsent{state="cancelled",reason="case-closed"} 5');
    expect(figures).toContain('xubao_messages_unsent{state="not-accepted",reason="http-400/21211"} 1');
  });

  test('have no label that does not look like a code', async () => {
    const messages = [message({ state: 'suppressed', reason: '王小明 +8613800001234' })];
    const figures = (await figuresOf({ messages, receipts: [{ status: 'wang@example.com', count: 1 }] })).join('\n');
    expect(figures).toContain('xubao_messages_unsent{state="suppressed",reason="other"} 1');
    expect(figures).toContain('xubao_message_receipts{status="other"} 1');
    expect(figures).not.toMatch(/王小明|13800001234|wang/);
  });

  test('count what went to staff, or did not, by kind', async () => {
    const figures = await figuresOf({ staffMessages: [{ state: 'unknown', kind: 'morning-digest', count: 2 }] });
    expect(figures).toContain('xubao_staff_messages{state="unknown",kind="morning-digest"} 2');
  });

  test('forget what is no more, and show the age of the oldest uncertain message', async () => {
    const figures = await figuresOf({ messages: [message({ state: 'unknown' })] }, { oldestUncertainSeconds: 90 });
    expect(figures).toEqual(['xubao_messages_uncertain_oldest_seconds 90']);
  });
});
