import type { LossReason } from './loss.ts';

/** What a text that should explain a loss says: enough, too little, nothing, or no more than a reason of the list. */
export type ReasonText =
  { kind: 'clear' } | { kind: 'too-short' } | { kind: 'filler' } | { kind: 'listed'; reason: LossReason };

const fewestCharacters = 10;
const fewestChineseCharacters = 4;

/** Words that go along with any reason and are none. */
const emptyWords = new RegExp(
  [
    '客户|车主|对方|用户|本人|觉得|认为|表示|反馈|因为|由于|就是|主要|一些|个人|自身|原因|理由|问题|因素|方面|情况|目前|现在|今年|这次',
    '已经|有点|有些|比较|非常|[太很是的了吧啊呢也都说有]',
    '\\b(?:an?|the|he|she|they|its?|is|was|were|be|has|have|had|because|of|due|to|for|by|with|just|too|very|quite|really|says|said',
    'customers?|clients?|owners?|reasons?|only|some|this|year|now|about)\\b',
  ].join('|'),
  'gu',
);

/** What people write to get past a field, without the empty words. */
const fillers: readonly RegExp[] = [
  /^[不没无未](?:需要|想要|要|想|用|想续|想续保|续|续保|保|买|想买|办|考虑|感兴趣|兴趣|同意|愿意|接受|续费)?$/u,
  /^(?:拒绝|拒绝续保|放弃|算|暂无|保密|不?便透露|不方便|不愿透露|不肯|不愿|不想讲|没讲|未明|未告知|没告诉|没告知|没问|没问到|忘|忘记)$/u,
  /^(?:不知道|不清楚|不解|不明|不详|未知|不晓得|不清|不确定|其[他它]|别|另外|同上|测试|待[定补]|待补充)$/u,
  /^随便(?:填|写|选|填写|写写|填填)?(?:一下|一个|点)?$/u,
  /^(?:others?|none|no|not|nothing|unknown|na|n a|n|tbd|todo|tests?|misc|various|whatever|anything|later|same|see above|private)$/,
  /^(?:no|not) (?:known|sure|applicable|given|stated|comments?|answer|interest|interested|need|needed|wanted|renewing|particular)$/,
  /^(?:no (?:idea|clue)|(?:i )?(?:dont|do not|did not|didnt|does not|doesnt) know|dunno|not sure)(?: \w+){0,2}$/,
  /^(?:do not|dont|does not|doesnt|did not|didnt|no longer|will not|wont|would not|wouldnt)(?: (?:wants?|need|needed|say|renew|tell|like|why|it|more|any)){1,3}$/,
  /^(?:refuse[sd]?|declined?|declines)(?: (?:it|renew|renewal|offer))?$/,
];

/** The listed reasons in their own words: what names one, and what may stand beside it. */
const listed: readonly (readonly [LossReason, names: string, beside: string])[] = [
  [
    'price',
    '价格|价钱|价位|保费|费用|报价|贵|便宜|pric(?:e|es|ing)|expensive|premiums?|costs?|costly|cheaper',
    '高|偏|不合适|high|much|higher',
  ],
  ['rival-service', '服务|同行|竞争对手|别家|rivals?|competitors?|services?', '更?好|better|elsewhere'],
  ['rival-gift', '礼品|赠品|礼物|送礼|gifts?|presents?', '送|多|更|rivals?|better'],
  ['claims-experience', '理赔|赔付|claims?', '体验|不满意?|差|慢|experience|handling|bad|slow'],
  ['sold-or-scrapped', '卖掉?|报废|过户|sold|scrapped', '车辆?|cars?|vehicles?|or'],
  ['moved-away', '搬家|搬走|搬|迁走|moved', '去|到|外地|away'],
  ['late-or-no-guidance', '(?:没人?|无人?)(?:联系|跟进)|联系晚|guidance', '太?晚|late|no|or'],
];
const listedTexts = listed.map(
  ([reason, names, beside]) =>
    [reason, new RegExp(`^(?:${beside}| )*(?:${names})(?:${names}|${beside}| )*$`, 'u')] as const,
);

/**
 * Judges a text that should explain a loss (business.md, Contact results: a vague reason is sent back). It says nothing when
 * it only fills the field, however long; names a listed reason when it holds that reason's own words and no others; is too
 * short below ten characters, or four Chinese ones.
 */
export function judgeReason(text: string | undefined): ReasonText {
  const written = plain(text ?? '');
  const core = plain(written.replaceAll(emptyWords, ' '));
  const reason = listedTexts.find(([, only]) => only.test(core))?.[0];
  if (reason !== undefined) return { kind: 'listed', reason };
  if (written !== '' && isFiller(written, core)) return { kind: 'filler' };
  const chinese = written.replaceAll(/[^\p{Script=Han}]/gu, '');
  const isTooShort = written.length < fewestCharacters && chinese.length < fewestChineseCharacters;
  return { kind: isTooShort ? 'too-short' : 'clear' };
}

/** Letters and digits with single blanks between words; between Chinese ones none. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/['’]/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .replaceAll(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
    .trim();
}

function isFiller(written: string, core: string): boolean {
  const letters = written.replaceAll(/[^\p{L}]/gu, '');
  const repeatsItself = written.length > 3 && new Set(letters).size < 3;
  return repeatsItself || core === '' || fillers.some((filler) => filler.test(core) || filler.test(written));
}
