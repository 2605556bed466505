/** What Chinese answers are read by, after `readReply` has made them plain: simplified, half-width, lower-case. */

const firmly = '(?:不要|不需要?|无需|不想|不愿意?|不接受|不再|不准|不许|别(?!人|的|家)|莫|甭|勿|停止|拒绝|禁止)';
const refusing = `(?:不用|不必|${firmly})`;
const besides = '(?:再|老|总是?|一直|继续|乱|来|给我|向我|往我手机|跟我|与我|和我|任何|一切|所有|你们|有)*';
const notices = '(?:短信|短讯|简讯|讯息|信息|消息|广告|推送|推广|通知|提醒)';

/** Traditional characters beside the simplified ones, of the words that matter here. */
export const traditional =
  '夠訂傳簡請發別騷擾聯繫絡訊給號碼錯車賣過戶報廢轉讓這類電話煩幫復閱續來們單絕斷開啟復認識親沒還';
export const simplified =
  '够订传简请发别骚扰联系络讯给号码错车卖过户报废转让这类电话烦帮复阅续来们单绝断开启复认识亲没还';

/** Said around a keyword, without changing it. */
export const courtesy = /^(?:请|麻烦|帮我|我要|我想|申请|回复?|发送?)+|(?:谢谢|多谢|吧|啊|了|哈|呀|哦)+$/g;

export const optOutWord =
  /^(?:td|t|r|tui|tuiding|td?退[订定]|退[订定汀丁]?|推订|停|停止|停发|拒收|拒绝接收|屏蔽|取消(?:订阅|接收)|受?够)+$/;
/** Alone in a clause they are an order; the shorter keywords are words like any other there. */
export const ordering = /^(?:td|退订|停止|停止发送|停发|拒收)$/;
export const optInWord = /^(?:取消退订|恢复(?:订阅|接收|短信|提醒)|重新(?:订阅|接收|开通)|开始接收(?:短信)?|订阅)$/;
export const helpWord = /^(?:帮助|求助)$/;

/** Refusals of something else: the cover goes on, or nothing was refused. They are taken out before anything is read. */
export const protecting =
  /(?:千万|可)?(?:不要|别|不想|不能|不会|没有?|不是|未|勿)(?:要|想|再)?(?:退保|停保|断保|退订|取消保[单险])/g;

export const noContact: readonly RegExp[] = [
  new RegExp(`${firmly}${besides}(?:联系|联络|打扰|骚扰|烦|找)(?:我|俺|了|$)`),
  new RegExp(`${firmly}${besides}(?:打(?:电话|来|给我|我)|来电|电话)`),
  /^(?:敬?请|以后|今后)*勿扰(?:我|了|谢谢)*$/,
];
/** Only at some hours, or only by telephone: no refusal of contact. */
export const limited =
  /上午|下午|晚上|中午|早上|周末|周[一二三四五六日]|星期|今[天晚早]|明[天晚早]|后天|这会儿?|现在|白天|夜里|半夜|午休|休息|睡觉|上班|工作时间|开[会车]|在忙|很忙|正忙|忙着|回头|改天|等会|过几天|节假日|晚点|稍后|待会|[点时](?:前|后|以前|以后|之前|之后)/;
export const otherWay = /(?:短信|微信|邮件|发信息|发消息)(?:联系|就行|就好|即可|就可以|吧|给我|说|沟通)/;

export const optOut: readonly RegExp[] = [
  new RegExp(
    `${refusing}${besides}(?:发|传|推送)(?!票|动|现|展|生|车|货|邮件|邮箱|纸|保单|合同|快递|微信|报价|那么|这么|太|错)`,
  ),
  new RegExp(`(?:${refusing}|不接)(?!忘|漏|停)[^忘漏停太么]{0,6}${notices}`),
  /(?:不想|不要|不愿意?|不需要?|无需|别|拒绝)(?:再|继续|老是?|一直)*(?:接收|收到)(?:你们?的?|贵司的?|任何|[这那][些类种]|此类|东西|了)*$/,
  /^(?:我|本人|以后|今后)*不再接收(?:你们?的?|任何|[这那][些类种]|此类|了)*$/,
  /退[订定]|取消(?:订阅|短信|接收|推送|通知|提醒)|拒收/,
  /(?:名单|号码).{0,4}(?:删|移除|去掉)|(?:删|移除|去掉).{0,4}(?:号码|手机号|名单)/,
  /(?:把|将)我(?:的手机|的电话)?(?:从.{0,6})?(?:删|移除|移出|去掉|剔除|拉黑)/,
  /再.{0,4}(?:发|骚扰|来).{0,8}(?:投诉|举报|报警|告你|拉黑)/,
];

export const wrongPerson: readonly RegExp[] = [
  /[打发弄搞找认](?:错)|号码.{0,2}(?:错|不对)|不认识|我不姓|不是(?:本人|机主)/,
  /我不是.{1,6}(?:先生|女士|小姐|车主)|不是我的车|车不是我的/,
];
export const soldVehicle: readonly RegExp[] = [/车.{0,8}(?:卖|过户|报废|转给|转让|没了)|已经?(?:报废|过户|卖)/];

/** May mean an opt-out; a person reads it. */
export const suspicious = /投诉|举报|骚扰|烦死|退订|td|拒收|停发|屏蔽|拉黑|打扰|别发|不要发|骗子|滚/;
