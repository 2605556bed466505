import type { ContactResult } from './contact-result.ts';

export const scriptSteps = [
  'greeting-identification',
  'purpose',
  'recording-consent',
  'quote',
  'cover-read-back',
  'exclusions',
  'disclosure-checklist',
  'payment-before-issue',
  'thanks',
] as const;
export type ScriptStep = (typeof scriptSteps)[number];

type Language = 'zh-CN' | 'en';

/** A step as the caller reads it; `neededForRenewal` steps are the evidence that a sale by telephone was explained. */
export type ScriptLine = { step: ScriptStep; text: string; neededForRenewal: boolean };

const neededForRenewal: readonly ScriptStep[] = [
  'cover-read-back',
  'exclusions',
  'disclosure-checklist',
  'payment-before-issue',
];

const texts: Record<ScriptStep, Record<Language, string>> = {
  'greeting-identification': {
    'zh-CN': '您好，这里是您的车险续保服务，我的工号是……。请问您是保单的投保人本人吗？',
    en: 'Good day, this is your motor renewal service, my staff number is … . Am I speaking to the policyholder?',
  },
  purpose: {
    'zh-CN': '您的车险保单即将到期，今天致电是想为您办理续保，大约需要几分钟，您现在方便吗？',
    en: 'Your motor policy is about to expire. I am calling about its renewal; it takes a few minutes. Is this a good moment?',
  },
  'recording-consent': {
    'zh-CN': '为保障您的权益，本次通话将被录音，您同意吗？如您今后不希望接到来电，请告诉我，我们会停止联系。',
    en: 'To protect you this call is recorded. Do you agree? If you want no further calls, say so and we stop.',
  },
  quote: {
    'zh-CN': '为您准备的报价如下：保费金额、与上年相比的变化，以及报价的有效期。',
    en: 'This is your quote: the premium, what has changed since last year, and until when it is valid.',
  },
  'cover-read-back': {
    'zh-CN': '我向您复述一遍本次投保的险种、保险金额和保险期间，请您确认。',
    en: 'I read back the covers, the sums insured and the term. Please confirm them.',
  },
  exclusions: {
    'zh-CN': '以下情形保险公司不承担赔偿责任：我逐条为您说明，请问您是否清楚？',
    en: 'The insurer does not pay in the following cases; I go through them one by one. Is everything clear?',
  },
  'disclosure-checklist': {
    'zh-CN': '投保前请您如实告知：车辆用途、驾驶人和登记信息是否有变化；所需资料我一次说全。',
    en: 'Please tell us truthfully whether use, drivers or registration have changed. I name all papers at once.',
  },
  'payment-before-issue': {
    'zh-CN': '收到您的保费后保单才会出具；请通过公司官方渠道付款，不要转入个人账户。',
    en: 'The policy is issued after we have your payment. Pay through the official channel, never to a private account.',
  },
  thanks: {
    'zh-CN': '感谢您的时间。如有疑问，可随时拨打客服电话。祝您用车平安。',
    en: 'Thank you for your time. For questions our service line is always there. Drive safely.',
  },
};

/** The call centre's script in its order, in the customer's language; an unknown language is read in Chinese. */
export function callScript(language: string): ScriptLine[] {
  const spoken: Language = language === 'en' ? 'en' : 'zh-CN';
  return scriptSteps.map((step) => ({
    step,
    text: texts[step][spoken],
    neededForRenewal: neededForRenewal.includes(step),
  }));
}

/**
 * The steps that the call centre still has to read before its result stands: a renewal needs what explains the cover and
 * the payment; any other result may come before the caller got that far (docs/decisions/0016).
 */
export function missingScriptSteps(result: ContactResult, read: readonly string[]): ScriptStep[] {
  if (result !== 'renewed') return [];
  return neededForRenewal.filter((step) => !read.includes(step));
}
