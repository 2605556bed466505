const fewestCharacters = 10;
const fewestChineseCharacters = 4;

/** What people write to get past a field. */
const fillers: readonly string[] = [
  'other',
  'others',
  'other reason',
  'other reasons',
  'none',
  'no reason',
  'not known',
  'unknown',
  'unknown reason',
  'not applicable',
  'n/a',
  'na',
  'no comment',
  'does not want',
  'customer refused',
  'not interested',
  'customer does not want',
  '其他',
  '其他原因',
  '其它',
  '其它原因',
  '别的原因',
  '无',
  '没有',
  '没有原因',
  '暂无原因',
  '不知道',
  '不清楚',
  '原因不明',
  '原因未知',
  '不了解原因',
  '客户不要',
  '客户不要了',
  '客户不想要',
  '客户不想续',
  '客户不续保',
  '客户拒绝',
  '客户拒绝续保',
  '不想续保',
  '不续保了',
];

/**
 * Whether a text says too little to be a loss reason (business.md, Contact results): fewer than ten characters, or than four
 * Chinese ones; nothing but punctuation or digits; one character over and over; a phrase that only fills the field.
 */
export function isVagueReason(text: string | undefined): boolean {
  const words = (text ?? '')
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}/]+/gu, ' ')
    .trim();
  const letters = words.replaceAll(/[^\p{L}]/gu, '');
  const chinese = words.replaceAll(/[^\p{Script=Han}]/gu, '');
  const isTooShort = words.length < fewestCharacters && chinese.length < fewestChineseCharacters;
  return (
    isTooShort || new Set(letters).size < 3 || fillers.includes(words) || fillers.includes(words.replaceAll(' ', ''))
  );
}
