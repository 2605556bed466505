import type { Day } from '../renewal/calendar.ts';
import type { CoverType } from '../renewal/policy.ts';

/** What one cell says, or what is wrong with it in words that follow the column's name. */
export type Reading<Value> = { kind: 'value'; value: Value } | { kind: 'problem'; problem: string };

export type Reader<Value> = (cell: string) => Reading<Value>;

export type Column<Value> = { header: string; read: Reader<Value>; required: boolean };

/** What a row may say about a policy term, read but not yet put together. */
export type RowFields = {
  policyNumber: string;
  startsOn: Day;
  expiresOn: Day;
  premium: string;
  coverType: CoverType;
  claimsCount: number;
  claimsAmount: string;
  plate: string;
  vin: string;
  engineNumber: string;
  model: string;
  /** With `model`: the year the vehicle is from. */
  modelYear: number;
  firstRegisteredOn: Day;
  customerName: string;
  phone: string;
  email: string;
  timeZone: string;
  tier: string;
  smsConsent: boolean;
  emailConsent: boolean;
  channel: string;
  /** The group that is negotiated as one; unique in its branch. */
  fleetNumber: string;
  branchId: string;
  branchName: string;
  agentId: string;
  agentName: string;
  agentDeparted: boolean;
  supervisorId: string;
  specialistId: string;
  underwritingApproved: boolean;
  cancelledOn: Day;
  note: string;
};

type AlwaysPresent = 'policyNumber' | 'startsOn' | 'expiresOn' | 'premium';
export type ReadFields = Pick<RowFields, AlwaysPresent> & Partial<RowFields>;

type Columns = { [Field in AlwaysPresent]: Column<RowFields[Field]> } & {
  [Field in keyof RowFields]?: Column<RowFields[Field] | undefined>;
};

/** One kind of list: which header says what, and how the list means it. */
export type ListFormat = {
  name: string;
  language: 'zh-CN' | 'en';
  /** Whether the expiry date of the list is insured itself. */
  expiryIs: 'last-insured-day' | 'first-day-after';
  /** What may occur only once in a list. */
  oneRowPer: 'policy-number' | 'policy-number-and-start';
  /** Which rows mean the same person; rows without a phone fall back to the policy number. */
  samePersonBy: 'phone-and-name' | 'policy-number';
  columns: Columns;
  /** Adds what the list does not carry. */
  complete?: (fields: ReadFields) => ReadFields;
};

export function required<Value>(header: string, read: Reader<Value>): Column<Value> {
  return { header, read, required: true };
}

/** The cell may be empty and the whole column may be absent. */
export function optional<Value>(header: string, read: Reader<Value>): Column<Value> {
  return { header, read, required: false };
}

/** The format's headers in its own order, each once. */
export function headersOf(format: ListFormat): string[] {
  return [...new Set(columnsOf(format).map(([, column]) => column.header))];
}

export function columnsOf(format: ListFormat): [keyof RowFields, Column<unknown>][] {
  return Object.entries(format.columns) as [keyof RowFields, Column<unknown>][];
}
