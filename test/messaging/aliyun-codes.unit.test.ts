import { describe, expect, test } from 'vitest';
import { judge } from '../../src/messaging/verdict.ts';

const answered = (status: number, code: string, id?: string) =>
  judge({ kind: 'aliyun-answer', status, code, ...(id ? { id } : {}) });

const notForThisNumber = { kind: 'not-accepted', optedOut: false, aboutRecipient: true };
const notByThisProvider = { kind: 'not-accepted', optedOut: false, aboutRecipient: false };
const later = { kind: 'try-later', misconfigured: false };
const misconfigured = { kind: 'try-later', misconfigured: true };

const table: [number, string, object][] = [
  [200, 'isv.MOBILE_NUMBER_ILLEGAL', notForThisNumber],
  [200, 'isv.CUSTOMER_REFUSED', { ...notForThisNumber, optedOut: true }],
  [200, 'isv.BLACK_KEY_CONTROL_LIMIT', notByThisProvider],
  [200, 'isv.SMS_CONTENT_ILLEGAL', notByThisProvider],
  [200, 'isv.A_CODE_OF_NEXT_YEAR', notByThisProvider],
  [200, 'isv.BUSINESS_LIMIT_CONTROL', later],
  [200, 'isv.DAY_LIMIT_CONTROL', later],
  [200, 'isv.AMOUNT_NOT_ENOUGH', misconfigured],
  [200, 'isv.OUT_OF_SERVICE', misconfigured],
  [200, 'isv.SMS_TEMPLATE_ILLEGAL', misconfigured],
  [200, 'isp.RAM_PERMISSION_DENY', misconfigured],
  [200, 'isp.SYSTEM_ERROR', { kind: 'unknown' }],
  [200, 'SOMETHING_ELSE', { kind: 'unknown' }],
  [400, 'Throttling.User', later],
  [429, 'TooManyRequests', later],
  [400, 'isv.MOBILE_NUMBER_ILLEGAL', notForThisNumber],
  [400, 'SignatureDoesNotMatch', misconfigured],
  [404, 'InvalidAccessKeyId.NotFound', misconfigured],
  [403, 'Forbidden.RAM', misconfigured],
  [400, 'MissingTemplateCode', notByThisProvider],
  [400, 'SignatureNonceUsed', { kind: 'unknown' }],
  [500, 'InternalError', { kind: 'unknown' }],
  [503, 'Throttling.User', { kind: 'unknown' }],
];

describe('The verdict on an attempt at Aliyun', () => {
  test.each(table.map(([status, code, verdict]) => ({ status, code, verdict })))(
    'HTTP $status with $code proves what its code says',
    ({ status, code, verdict }) => {
      expect(answered(status, code)).toMatchObject(verdict);
    },
  );

  test('OK is accepted with the receipt’s id, and proves nothing without one', () => {
    expect(answered(200, 'OK', '900619746936498440^0')).toMatchObject({
      kind: 'accepted',
      providerId: '900619746936498440^0',
    });
    expect(answered(200, 'OK').kind).toBe('unknown');
    expect(answered(500, 'OK', '900619746936498440^0').kind).toBe('unknown');
  });
});
