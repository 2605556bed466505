import { defaultLadder, type ConcessionLadder } from './concession.ts';
import type { Day } from './calendar.ts';
import { chosenLossReasons, type ChosenLossReason } from './loss.ts';

/** What an admin tunes besides stage plans; each name has versions of its own. */
export const settingNames = [
  'concession-ladder',
  'benefits',
  'call-window',
  'loss-sample',
  'quiet-hours',
  'caps',
  'loss-reasons',
  'calendar',
  'sms-providers',
] as const;
export type SettingName = (typeof settingNames)[number];

/** Gifts and rebates outside the contract, which insurance law forbids in several countries: off unless switched on. */
export type BenefitTypes = { types: readonly { key: string; enabled: boolean }[] };

/** Minutes of the business day between which customers may be called. */
export type CallWindow = { fromMinute: number; toMinute: number; workdaysOnly: boolean };

/** How many lost cases of a month are called back to check the reason, of each agent and in percent. */
export type LossSample = { percent: number; noResultPercent: number; minimumPerAgent: number };

/**
 * Minutes of the business day from which on and until which customers are left alone, over midnight; 1440 and 0 say that
 * there are none.
 */
export type QuietHours = { fromMinute: number; toMinute: number };

/** How much reaches one customer, over all policies, staff and channels (business.md, Restraint). */
export type Caps = { touchesPerDay: number; contactsPerWeek: number };

/** Whether people may choose a loss reason, and what they have to add: a note that explains it, a proof. */
type ReasonRule = { reason: ChosenLossReason; offered: boolean; needsNote: boolean; needsEvidence: boolean };
/** One rule for each reason that people choose. */
export type LossReasonRules = { reasons: readonly ReasonRule[] };

/** Days off and make-up workdays beside the published ones, or against them; the note is a code of the house's own. */
type CalendarDay = { day: Day; note: string };
export type CalendarDays = { holidays: readonly CalendarDay[]; workdays: readonly CalendarDay[] };

/** In which order SMS providers are tried, for all numbers and for those of some countries. */
export type SmsProviders = {
  default: readonly string[];
  countries: readonly { callingCode: string; order: readonly string[] }[];
  /** Under which code a provider that forbids free text has approved a template, in the language that it is written in. */
  templateCodes: readonly { provider: string; template: string; language: string; code: string }[];
};

export type SettingContents = {
  'concession-ladder': ConcessionLadder;
  benefits: BenefitTypes;
  'call-window': CallWindow;
  'loss-sample': LossSample;
  'quiet-hours': QuietHours;
  caps: Caps;
  'loss-reasons': LossReasonRules;
  calendar: CalendarDays;
  'sms-providers': SmsProviders;
};

const offered = { offered: true, needsNote: false, needsEvidence: false };

/** What holds while nobody has changed a setting: its version 0. */
export const defaultSettings: SettingContents = {
  'concession-ladder': defaultLadder,
  benefits: {
    types: [
      { key: 'rescue-card', enabled: false },
      { key: 'gift', enabled: false },
      { key: 'rebate', enabled: false },
    ],
  },
  // The complement of the quiet hours (business.md, Restraint).
  'call-window': { fromMinute: 9 * 60, toMinute: 21 * 60, workdaysOnly: false },
  'loss-sample': { percent: 10, noResultPercent: 30, minimumPerAgent: 1 },
  'quiet-hours': { fromMinute: 21 * 60, toMinute: 9 * 60 },
  caps: { touchesPerDay: 1, contactsPerWeek: 3 },
  'loss-reasons': {
    reasons: chosenLossReasons.map((reason) => ({ reason, ...offered, needsNote: reason === 'other' })),
  },
  calendar: { holidays: [], workdays: [] },
  'sms-providers': { default: ['twilio'], countries: [], templateCodes: [] },
};

/** The keys of the benefit types that are switched on. */
export function benefitsOn({ types }: BenefitTypes): string[] {
  return types.filter(({ enabled }) => enabled).map(({ key }) => key);
}
