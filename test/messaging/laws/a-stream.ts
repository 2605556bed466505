import { fc } from '@fast-check/vitest';
import type { Channel } from '../../../src/renewal/stage-plan.ts';

/** What may happen to a customer's cases, minutes after what happened before. */
export type Happening = { afterMinutes: number; of: number } & (
  | { kind: 'touch'; touch: string; channels: readonly Channel[]; inMinutes: number; validHours: number }
  | { kind: 'wait' | 'renewed' | 'lost' | 'orphaned' | 'adopted' | 'declined' | 'reopened' | 'spoken-with' }
  | { kind: 'held' | 'answered'; hours: number }
  | { kind: 'opted-out' | 'suppressed' | 'consent-withdrawn'; channel: Channel }
  | { kind: 'refused-contact' | 'landline' }
  | { kind: 'sending-stopped'; stopped: boolean }
  | { kind: 'expiry-corrected'; days: number }
  | { kind: 'moved'; timeZone: string }
);

/** What a provider does with the attempts, one after the other, over and over. */
type Attempted = 'accepted' | 'unknown' | 'refused-for-now';

export type Stream = {
  cases: readonly { plate: string; expiresInDays: number }[];
  timeZone: string | null;
  phone: string;
  /** Of the stage plan. */
  window: { fromMinute: number; toMinute: number };
  caps: { touchesPerDay: number; contactsPerWeek: number };
  happenings: readonly Happening[];
  attempts: readonly Attempted[];
};

const touches = ['t-30', 't-15', 't-7', 't-3'];
const bothChannels: Channel[] = ['sms', 'email'];
const zones = ['Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'America/Santiago'];

const happens = <Facts>(facts: fc.Arbitrary<Facts>) =>
  fc
    .record({
      afterMinutes: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 240 }), fc.integer({ min: 0, max: 1_440 })),
      of: fc.nat({ max: 3 }),
      facts,
    })
    .map(({ afterMinutes, of, facts: what }) => ({ afterMinutes, of, ...what }));

const aTouch = fc.record({
  kind: fc.constant('touch' as const),
  touch: fc.constantFrom(...touches),
  channels: fc.subarray(bothChannels, { minLength: 1 }),
  inMinutes: fc.integer({ min: 0, max: 720 }),
  validHours: fc.constantFrom(1, 24, 24),
});
const seldom = fc.oneof(
  fc.constantFrom('renewed', 'lost', 'orphaned', 'adopted', 'declined', 'reopened').map((kind) => ({ kind }) as const),
  fc.constantFrom(5, 30, 100).map((hours) => ({ kind: 'held' as const, hours })),
  fc.constantFrom(3, 30, 60).map((hours) => ({ kind: 'answered' as const, hours })),
  fc
    .record({
      kind: fc.constantFrom('opted-out', 'suppressed', 'consent-withdrawn'),
      channel: fc.constantFrom(...bothChannels),
    })
    .map(({ kind, channel }) => ({ kind, channel }) as const),
  fc.constantFrom('refused-contact', 'landline').map((kind) => ({ kind }) as const),
  fc.boolean().map((stopped) => ({ kind: 'sending-stopped' as const, stopped })),
  fc.constantFrom(-20, -5, 3, 10).map((days) => ({ kind: 'expiry-corrected' as const, days })),
  fc.constantFrom(...zones).map((timeZone) => ({ kind: 'moved' as const, timeZone })),
);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: happens(aTouch) },
  { weight: 2, arbitrary: happens(fc.constantFrom('wait', 'spoken-with').map((kind) => ({ kind }) as const)) },
  { weight: 3, arbitrary: happens(seldom) },
);

/** One to four policies of one customer, of two vehicles, and up to thirty happenings in some weeks. */
export const aStream: fc.Arbitrary<Stream> = fc.record({
  cases: fc.array(
    fc.record({ plate: fc.constantFrom('鲁A11111', '鲁B22222'), expiresInDays: fc.integer({ min: 2, max: 40 }) }),
    { minLength: 1, maxLength: 4 },
  ),
  timeZone: fc.constantFrom(null, null, ...zones),
  phone: fc.constantFrom('+8613800000001', '+34612345678', '+12025550143', '+79161234567'),
  caps: fc.constantFrom({ touchesPerDay: 1, contactsPerWeek: 3 }, { touchesPerDay: 1, contactsPerWeek: 2 }),
  happenings: fc.array(happening, { minLength: 5, maxLength: 30 }),
  attempts: fc
    .array(fc.constantFrom<Attempted>('accepted', 'unknown', 'refused-for-now'), { maxLength: 5 })
    .map((drawn): Attempted[] => [...drawn, 'accepted']),
  window: fc.constantFrom(
    { fromMinute: 540, toMinute: 1_260 },
    { fromMinute: 540, toMinute: 1_080 },
    { fromMinute: 600, toMinute: 720 },
  ),
});
