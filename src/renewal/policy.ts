import type { Day } from './calendar.ts';

/** `motor` is one policy with both covers, as markets without a compulsory product of its own write it. */
export const coverTypes = ['compulsory', 'commercial', 'motor'] as const;
export type CoverType = (typeof coverTypes)[number];

export type Vehicle = {
  plate?: string;
  vin?: string;
  engineNumber?: string;
  model?: string;
  firstRegisteredOn?: Day;
};

/** The holder as a list names it. Rows with the same key are the same person. */
export type Customer = {
  key: string;
  name: string;
  /** E.164. */
  phone?: string;
  email?: string;
  /** The IANA zone in which they live; else the country of the phone tells. */
  timeZone?: string;
  language: 'zh-CN' | 'en';
  tier?: string;
  consent: { sms: boolean; email: boolean };
};

/** Who works the policy, by staff number; names come along so that unknown staff can be entered. */
export type Owners = {
  branch: { id: string; name: string };
  agent?: { id: string; name: string; departed: boolean };
  supervisor?: { id: string; name: string };
  specialist?: { id: string; name: string };
};

/** One motor policy term as a checked row of a list gives it. */
export type PolicyTerm = {
  policyNumber: string;
  startsOn: Day;
  /** T: the expiry date as the insurer's list states it. */
  expiresOn: Day;
  /** Insured days of the term; the list's format knows whether its expiry day is insured. */
  termDays: number;
  coverType: CoverType;
  vehicle: Vehicle;
  customer: Customer;
  owners: Owners;
  /** Decimal string, two places, in the book's currency. */
  premium: string;
  claimsCount: number;
  claimsAmount: string;
  channel?: string;
  /** The fleet (团单) it belongs to, unique in its branch. */
  fleetNumber?: string;
  underwritingApproved: boolean;
  cancelledOn?: Day;
  note?: string;
};
