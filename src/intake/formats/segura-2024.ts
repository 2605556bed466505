import { optional, required, type ListFormat } from '../list-format.ts';
import { dayFirst } from '../read-day.ts';
import { count, money } from '../read-number.ts';
import { oneOf, policyNumber } from '../read-text.ts';
import { standInPeople } from './segura-stand-ins.ts';

const vehicles = { 1: 'Motorbike', 2: 'Van', 3: 'Car', 4: 'Agricultural vehicle' };

/** The open motor portfolio of Segura-Gisbert, Lledó and Pavía (2024): real terms, no names; people are stood in for. */
export const segura2024: ListFormat = {
  name: 'segura-2024',
  language: 'en',
  expiryIs: 'first-day-after',
  oneRowPer: 'policy-number-and-start',
  samePersonBy: 'policy-number',
  columns: {
    policyNumber: required('ID', policyNumber),
    startsOn: required('Date_last_renewal', dayFirst),
    expiresOn: required('Date_next_renewal', dayFirst),
    channel: optional('Distribution_channel', oneOf({ 0: 'agent', 1: 'broker' })),
    cancelledOn: optional('Date_lapse', dayFirst),
    premium: required('Premium', money),
    claimsAmount: optional('Cost_claims_year', money),
    claimsCount: optional('N_claims_year', count),
    model: optional('Type_risk', oneOf(vehicles)),
    modelYear: optional('Year_matriculation', count),
  },
  complete: standInPeople,
};
