import type { ReadFields } from '../list-format.ts';

/**
 * Ranges that France's regulator keeps for fiction (ARCEP, national numbering plan), each with four free digits.
 * The mobile one comes last: phone libraries rightly say that nobody can have it.
 */
const fictionalRanges = ['+3319900', '+3326191', '+3335301', '+3346571', '+3353649', '+3363998'];
const numbersPerRange = 10_000;

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
  const range = fictionalRanges[Math.floor(turn / numbersPerRange) % fictionalRanges.length] ?? '';
  return `${range}${String(turn % numbersPerRange).padStart(4, '0')}`;
}

// Policy numbers of the portfolio are plain counts; any other text still gets a steady number.
function numberOf(policyNumber: string): number {
  if (/^\d{1,9}$/.test(policyNumber)) return Number(policyNumber);
  let sum = 0;
  for (const character of policyNumber) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return sum;
}
