import type { ReadFields } from '../list-format.ts';

/** The mobile range that Germany's regulator keeps for fiction (Bundesnetzagentur): a hundred numbers, which all share. */
const fictionalRange = '+4917139200';
const numbersInRange = 100;
/** The portfolio is Spanish, whatever country the numbers are of. */
const timeZone = 'Europe/Madrid';

const branches = 4;
const teamsPerBranch = 2;
const agentsPerTeam = 5;
const agentsPerBranch = teamsPerBranch * agentsPerTeam;

/** Contacts and staff for a list without people: always the same for the same policy, and nobody's. */
export function standInPeople(fields: ReadFields): ReadFields {
  const turn = numberOf(fields.policyNumber);
  const branch = (turn % branches) + 1;
  const agent = Math.floor(turn / branches) % agentsPerBranch;
  const office = `ES${branch}`;
  const agentId = `${office}A${String(agent + 1).padStart(2, '0')}`;
  return {
    ...fields,
    customerName: `Policyholder ${fields.policyNumber}`,
    phone: phoneOf(turn),
    timeZone,
    email: `policy${fields.policyNumber}@example.org`,
    smsConsent: true,
    emailConsent: true,
    branchId: `es-${branch}`,
    branchName: `Branch ${branch}`,
    agentId,
    agentName: `Agent ${agentId}`,
    supervisorId: `${office}S${Math.floor(agent / agentsPerTeam) + 1}`,
    specialistId: `${office}X1`,
  };
}

function phoneOf(turn: number): string {
  return `${fictionalRange}${String(turn % numbersInRange).padStart(2, '0')}`;
}

// Policy numbers of the portfolio are plain counts; any other text still gets a steady number.
function numberOf(policyNumber: string): number {
  if (/^\d{1,9}$/.test(policyNumber)) return Number(policyNumber);
  let sum = 0;
  for (const character of policyNumber) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return sum;
}
