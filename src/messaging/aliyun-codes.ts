/**
 * What Aliyun's codes prove (its published lists of API codes). A code of the caller's side (`isv.…`) comes before anything
 * is taken; one of the platform's side (`isp.…`) proves nothing.
 */
export type AliyunMeaning = 'accepted' | 'opted-out' | 'recipient' | 'message' | 'later' | 'misconfigured' | 'unknown';

const meanings: Readonly<Record<string, AliyunMeaning>> = {
  OK: 'accepted',
  'isv.CUSTOMER_REFUSED': 'opted-out',
  'isv.MOBILE_NUMBER_ILLEGAL': 'recipient',
  'isv.MOBILE_IN_BLACK': 'recipient',
  'isv.DOMESTIC_NUMBER_NOT_SUPPORTED': 'message',
  // The content holds a word that may not be sent; another provider may have no such list.
  'isv.BLACK_KEY_CONTROL_LIMIT': 'message',
  'isv.SMS_CONTENT_ILLEGAL': 'message',
  'isv.PARAM_LENGTH_LIMIT': 'message',
  'isv.PARAM_NOT_SUPPORT_URL': 'message',
  'isv.INVALID_PARAMETERS': 'message',
  'isv.INVALID_JSON_PARAM': 'message',
  'isv.BUSINESS_LIMIT_CONTROL': 'later',
  'isv.DAY_LIMIT_CONTROL': 'later',
  'isv.MONTH_LIMIT_CONTROL': 'later',
  'isv.AMOUNT_NOT_ENOUGH': 'misconfigured',
  'isv.OUT_OF_SERVICE': 'misconfigured',
  'isv.ACCOUNT_NOT_EXISTS': 'misconfigured',
  'isv.ACCOUNT_ABNORMAL': 'misconfigured',
  'isv.PRODUCT_UN_SUBSCRIPT': 'misconfigured',
  'isv.PRODUCT_UNSUBSCRIBE': 'misconfigured',
  'isv.DENY_IP_RANGE': 'misconfigured',
  'isv.SMS_SIGN_ILLEGAL': 'misconfigured',
  'isv.SIGN_STATE_ILLEGAL': 'misconfigured',
  'isv.SMS_SIGNATURE_ILLEGAL': 'misconfigured',
  'isv.SMS_SIGNATURE_SCENE_ILLEGAL': 'misconfigured',
  'isv.SMS_TEMPLATE_ILLEGAL': 'misconfigured',
  'isv.TEMPLATE_MISSING_PARAMETERS': 'misconfigured',
  'isp.RAM_PERMISSION_DENY': 'misconfigured',
};

/** No request of ours has the nonce of another one, so this copy came after one that may have been taken. */
const secondCopy = 'SignatureNonceUsed';

/** What an answer of Aliyun proves, by its HTTP status and its code. */
export function meaningOf({ status, code }: { status: number; code: string }): AliyunMeaning {
  if (status >= 500 || code === secondCopy) return 'unknown';
  if (status === 429 || code.startsWith('Throttling')) return 'later';
  const known = Object.hasOwn(meanings, code) ? meanings[code] : undefined;
  if (status >= 400) return known && known !== 'accepted' ? known : refusalOf({ status, code });
  if (known) return known;
  return code.startsWith('isv.') ? 'message' : 'unknown';
}

const ofTheAccount =
  /^(SignatureDoesNotMatch|InvalidAccessKeyId|InvalidTimeStamp|IncompleteSignature|Forbidden|NoPermission)/;

/** The gateway before the service looks at key, signature and rights; all else that it refuses lies in the request. */
function refusalOf({ status, code }: { status: number; code: string }): AliyunMeaning {
  return status === 401 || status === 403 || ofTheAccount.test(code) ? 'misconfigured' : 'message';
}
