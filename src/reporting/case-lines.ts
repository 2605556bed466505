import { customers } from '../db/schema/customers.ts';
import { policies } from '../db/schema/policies.ts';
import { renewals } from '../db/schema/renewals.ts';

/** What a list for people says of a case; name and plate are whole, whoever shows them masks them. */
export const caseLine = {
  renewalId: renewals.id,
  policyNumber: policies.policyNumber,
  customer: customers.name,
  plate: policies.plate,
  model: policies.model,
  expiresOn: renewals.expiresOn,
  stage: renewals.stage,
  ownerId: renewals.ownerId,
};
