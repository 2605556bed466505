import { describe, expect, test } from 'vitest';
import { judgeReason } from '../../src/renewal/vague-reason.ts';

describe('A loss reason in words', () => {
  test.each([
    'other',
    'Other reason.',
    'n/a',
    'N / A',
    'none',
    'no reason',
    'No idea what',
    'no idea why he left',
    "I don't know",
    'The customer would not say.',
    'customer does not want it any more',
    'Customer does not want',
    'not interested',
    'aaaaaaaaaaaa',
    '1234567890',
    '无',
    '不知道',
    '其他原因',
    '原因不明',
    '客户不要',
    '客户 不要 。',
    '不需要了',
    '客户说不需要了',
    '客户没说原因',
    '没有说原因',
    '随便填一下',
    '客户不想续保了',
    '客户个人原因',
    '哈哈哈哈哈',
  ])('only fills the field: %s', (text) => {
    expect(judgeReason(text)).toEqual({ kind: 'filler' });
  });

  test.each([
    ['价格原因', 'price'],
    ['价格', 'price'],
    ['价格太高了', 'price'],
    ['太贵了', 'price'],
    ['客户觉得保费有点贵', 'price'],
    ['price!!!', 'price'],
    ['The price is too high', 'price'],
    ['because of the cost', 'price'],
    ['服务更好', 'rival-service'],
    ['Better service', 'rival-service'],
    ['送礼品', 'rival-gift'],
    ['理赔太慢', 'claims-experience'],
    ['bad claims experience', 'claims-experience'],
    ['车卖了', 'sold-or-scrapped'],
    ['The car was sold', 'sold-or-scrapped'],
    ['搬家了', 'moved-away'],
    ['没人联系', 'late-or-no-guidance'],
  ])('says no more than a reason of the list: %s', (text, reason) => {
    expect(judgeReason(text)).toEqual({ kind: 'listed', reason });
  });

  test.each([undefined, '', '..........', '。。。。。。', 'his son', '出国'])('is too short: %s', (text) => {
    expect(judgeReason(text)).toEqual({ kind: 'too-short' });
  });

  test.each([
    'His brother sells insurance now.',
    'Pays off the loan; the bank insures',
    'Sold to his son, who insures it with us',
    'No parking place in the new flat',
    '公司统一投保',
    '儿子在别家保险公司上班',
    '准备出国两年',
    '转给 Tesla 自营保险',
    '价格比平安高三百元，还要求送保养',
    '不要电话，等儿子回国再定',
  ])('says something: %s', (text) => {
    expect(judgeReason(text)).toEqual({ kind: 'clear' });
  });
});
