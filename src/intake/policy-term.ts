import { daysBetween } from '../renewal/calendar.ts';
import type { Customer, Owners, PolicyTerm, Vehicle } from '../renewal/policy.ts';
import type { ListFormat, ReadFields } from './list-format.ts';

/** A list that names no branch belongs to an insurer with one. */
const onlyBranch = 'main';

/** Puts the fields of a row together. Only a term of at least one day is a term; anything else is for the caller to refuse. */
export function policyTerm(format: ListFormat, read: ReadFields): PolicyTerm {
  const fields = format.complete?.(read) ?? read;
  const { startsOn, expiresOn, cancelledOn } = fields;
  return {
    policyNumber: fields.policyNumber,
    startsOn,
    expiresOn,
    termDays: daysBetween(startsOn, expiresOn) + (format.expiryIs === 'last-insured-day' ? 1 : 0),
    coverType: fields.coverType ?? 'motor',
    vehicle: vehicleOf(fields),
    customer: customerOf(format, fields),
    owners: ownersOf(fields),
    premium: fields.premium,
    claimsCount: fields.claimsCount ?? 0,
    claimsAmount: fields.claimsAmount ?? '0.00',
    underwritingApproved: fields.underwritingApproved ?? true,
    ...given('channel', fields.channel),
    ...given('fleetNumber', fields.fleetNumber),
    // A date on or after the expiry says that the customer left, not that this term was cancelled.
    ...given('cancelledOn', cancelledOn !== undefined && cancelledOn < expiresOn ? cancelledOn : undefined),
    ...given('note', fields.note),
  };
}

function vehicleOf(fields: ReadFields): Vehicle {
  const model = [fields.model, fields.modelYear].filter((part) => part !== undefined).join(' ');
  return {
    ...given('plate', fields.plate),
    ...given('vin', fields.vin),
    ...given('engineNumber', fields.engineNumber),
    ...given('model', model || undefined),
    ...given('firstRegisteredOn', fields.firstRegisteredOn),
  };
}

function customerOf(format: ListFormat, fields: ReadFields): Customer {
  const name = fields.customerName ?? fields.policyNumber;
  const known = format.samePersonBy === 'phone-and-name' && fields.phone !== undefined;
  return {
    key: known ? `phone ${fields.phone} ${name}` : `policy ${fields.policyNumber}`,
    name,
    language: format.language,
    consent: { sms: fields.smsConsent ?? false, email: fields.emailConsent ?? false },
    ...given('phone', fields.phone),
    ...given('email', fields.email),
    ...given('timeZone', fields.timeZone),
    ...given('tier', fields.tier),
  };
}

function ownersOf(fields: ReadFields): Owners {
  const { branchId = onlyBranch, branchName = branchId, agentId, supervisorId, specialistId } = fields;
  const byNumber = (id: string | undefined): { id: string; name: string } | undefined =>
    (id && { id, name: id }) || undefined;
  const agent = agentId && { id: agentId, name: fields.agentName || agentId, departed: fields.agentDeparted ?? false };
  return {
    branch: { id: branchId, name: branchName },
    ...given('agent', agent || undefined),
    ...given('supervisor', byNumber(supervisorId)),
    ...given('specialist', byNumber(specialistId)),
  };
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]: Value });
}
