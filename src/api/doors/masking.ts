import type { Person, Role } from '../../db/staff/staff-records.ts';

/** The roles that work with customers; nobody else sees an address or a name in full. */
const revealingRoles: readonly Role[] = [
  'agent',
  'specialist',
  'supervisor',
  'call-centre',
  'channel-manager',
  'admin',
];

/** The same person with only the roles that reveal, which may see less far; nobody for whoever has none of them. */
export function asRevealer<Someone extends Pick<Person, 'roles'>>(person: Someone): Someone | undefined {
  const held = person.roles.filter((role) => revealingRoles.includes(role));
  return held.length === 0 ? undefined : { ...person, roles: held };
}

export type Masking = {
  [Field in 'name' | 'phone' | 'email' | 'plate' | 'vin']: (value: string | null) => string | null;
};

export const masked: Masking = {
  name: shown((name) => `${firstOf(name)}**`),
  phone: shown((phone) => `${'*'.repeat(Math.max(4, phone.length - 4))}${phone.slice(-4)}`),
  email: shown((email) => `${firstOf(email)}***@***`),
  plate: shown((plate) => `${firstOf(plate)}***${plate.slice(-2)}`),
  vin: shown((vin) => `${'*'.repeat(Math.max(4, vin.length - 4))}${vin.slice(-4)}`),
};

const asIs = (value: string | null): string | null => value;
export const revealed: Masking = { name: asIs, phone: asIs, email: asIs, plate: asIs, vin: asIs };

function shown(mask: (value: string) => string): (value: string | null) => string | null {
  return (value) => (value === null || value === '' ? null : mask(value));
}

function firstOf(text: string): string {
  const [first] = text.matchAll(/./gsu);
  return first?.[0] ?? '';
}
