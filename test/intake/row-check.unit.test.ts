import { describe, expect, test } from 'vitest';
import { aPendingList, type PendingRow } from './pending-list.ts';
import { readList, verdictsOf } from './read-list.ts';

async function termOf(row: PendingRow) {
  const { rows } = await readList(aPendingList(row));
  const verdict = rows[0]?.verdict;
  if (verdict?.kind !== 'accepted') throw new Error(`rejected: ${verdict?.reason}`);
  return verdict.term;
}

describe('A bad row is rejected by column and reason', () => {
  test.each<[PendingRow, string]>([
    [{ 保单号: '' }, '保单号: 保单号 missing'],
    [{ 保单号: 'P 1' }, '保单号: 保单号 has other characters than letters, digits and - . _ /'],
    [{ 险种: '团意险' }, '险种: 险种 is none of 交强险, 商业险'],
    [{ 保险止期: '2026-02-29' }, '保险止期: 保险止期 is no date'],
    [{ 保险止期: '2026-02-28' }, '保险止期: 保险止期 before 保险起期'],
    [{ 上年保费: '-0.01' }, '上年保费: 上年保费 negative'],
    [{ 车架号: 'LSVAA49J13204737' }, '车架号: 车架号 length'],
    [{ 车架号: 'LSVAA49J132047372' }, '车架号: 车架号 check digit'],
    [{ 联系电话: '1380013800' }, '联系电话: 联系电话 is no phone number'],
    [{ 被保险人: '李\u0000晓' }, '被保险人: 被保险人 has an unreadable character'],
    [{ 营销员工号: 'A 1; drop' }, '营销员工号: 营销员工号 has other characters than letters, digits and - . _ /'],
    [{ 备注: 'one, two' }, '备注: row has 27 columns instead of 26'],
    [{ 备注: '"open' }, '备注: 备注 has a lone quote'],
  ])('%j', async (row, verdict) => {
    expect(await verdictsOf(aPendingList({ 保单号: 'P0' }, row, { 保单号: 'P9' }))).toEqual([
      [2, 'P0'],
      [3, verdict],
      [4, 'P9'],
    ]);
  });

  test('when cells are missing', async () => {
    const list = aPendingList({ 保单号: 'P1' });
    expect(await verdictsOf(`${list}P2,商业险\r\n`)).toContainEqual([3, '被保险人: row has 2 columns instead of 26']);
  });
});

describe('A sound row', () => {
  test('counts its last insured day', async () => {
    expect(await termOf({ 保险起期: '2026-03-01', 保险止期: '2027-02-28' })).toMatchObject({
      expiresOn: '2027-02-28',
      termDays: 365,
    });
  });

  test('may be written in full-width characters', async () => {
    const term = await termOf({ 保单号: 'ＰＤ１', 联系电话: '１３８００１３８０００', 车牌号: '浙C·WZCEP' });
    expect([term.policyNumber, term.customer.phone, term.vehicle.plate]).toEqual(['PD1', '+8613800138000', '浙CWZCEP']);
  });

  test('keeps a formula as the text it is', async () => {
    expect((await termOf({ 备注: '=HYPERLINK(1)' })).note).toBe('=HYPERLINK(1)');
  });

  test('says when its agent has left', async () => {
    expect((await termOf({ 营销员姓名: '王敏（已离职）' })).owners.agent).toEqual({
      id: '3701A001',
      name: '王敏',
      departed: true,
    });
  });

  test('without consent means no consent', async () => {
    expect((await termOf({ 短信同意: '', 邮件同意: '否' })).customer.consent).toEqual({ sms: false, email: false });
  });

  test('shares its holder with another row of the same phone and name', async () => {
    const [one, two] = [await termOf({ 保单号: 'P1' }), await termOf({ 保单号: 'P2' })];
    expect(one.customer.key).toBe(two.customer.key);
  });

  test('without a phone stands for a holder of its own', async () => {
    expect((await termOf({ 保单号: 'P1', 联系电话: '' })).customer.key).toBe('policy P1');
  });
});
