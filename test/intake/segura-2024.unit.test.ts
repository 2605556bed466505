import { describe, expect, test } from 'vitest';
import { readList, readListAt } from './read-list.ts';
import { sharedData } from './real-lists.ts';

const header =
  'ID;Date_last_renewal;Date_next_renewal;Distribution_channel;Date_lapse;Premium;Cost_claims_year;N_claims_year;Type_risk;Year_matriculation';

async function termOf(row: string) {
  const { rows } = await readList(`${header}\r\n${row}\r\n`);
  const verdict = rows[0]?.verdict;
  if (verdict?.kind !== 'accepted') throw new Error(`rejected: ${verdict?.reason}`);
  return verdict.term;
}

describe('A term of the Spanish book', () => {
  test('ends before its next renewal', async () => {
    expect(await termOf('7;05/11/2015;05/11/2016;0;;222.525;0;0;3;2004')).toMatchObject({
      policyNumber: '7',
      startsOn: '2015-11-05',
      expiresOn: '2016-11-05',
      termDays: 366,
      premium: '222.53',
      coverType: 'motor',
      vehicle: { model: 'Car 2004' },
      channel: 'agent',
    });
  });

  test('that lapsed before its expiry was cancelled then', async () => {
    expect((await termOf('7;05/11/2015;05/11/2016;1;01/03/2016;200;0;0;3;2004')).cancelledOn).toBe('2016-03-01');
  });

  test('that lapsed on its expiry was not cancelled', async () => {
    expect((await termOf('7;05/11/2015;05/11/2016;1;05/11/2016;200;0;0;3;2004')).cancelledOn).toBeUndefined();
  });

  test('gets the same stand-in people every time', async () => {
    const { customer, owners } = await termOf('7;05/11/2015;05/11/2016;0;;200;0;0;3;2004');
    expect([customer.name, customer.phone, customer.email, customer.timeZone]).toEqual([
      'Policyholder 7',
      '+491713920007',
      'policy7@example.org',
      'Europe/Madrid',
    ]);
    expect([owners.branch.id, owners.agent?.id, owners.supervisor?.id, owners.specialist?.id]).toEqual([
      'es-4',
      'ES4A02',
      'ES4S1',
      'ES4X1',
    ]);
  });
});

const portfolio = sharedData('motor-portfolio.csv.gz');

describe.skipIf(!portfolio)('The whole Spanish book', () => {
  test('is accepted row by row, with mobile numbers that nobody has', async () => {
    const { rows } = await readListAt(portfolio ?? '');
    const terms = rows.flatMap(({ verdict }) => (verdict.kind === 'accepted' ? [verdict.term] : []));
    expect([rows.length, terms.length]).toEqual([105_555, 105_555]);
    expect(new Set(terms.map(({ customer }) => customer.phone)).size).toBe(100);
    expect(new Set(terms.map(({ owners }) => owners.agent?.id)).size).toBe(40);
  }, 30_000);
});
