import type { Wording } from './template.ts';

const coverNames: Record<string, string> = { compulsory: '交强险', commercial: '商业险', motor: '车险' };
const subject = '{{covers}}{{expiresOn}}到期提醒';
const greeting = '{{name}}您好：';
const signature = '{{contact}}';

export const simplifiedChinese: Wording = {
  nameCovers: (covers) => covers.map((cover) => coverNames[cover] ?? '车险').join('、'),
  remaining: (days) => (days === 0 ? '今天' : `还有${days}天`),
  templates: {
    'expiry-notice': {
      sms: '{{name}}您好，您{{vehicle}}的{{covers}}将于{{expiresOn}}到期（{{remaining}}）。续保请联系{{contact}}。',
      subject,
      email: `${greeting}

您{{vehicle}}的{{covers}}（保单号{{policyNumber}}）将于{{expiresOn}}到期（{{remaining}}）。

我们会提前为您准备续保方案。车辆若已转让、报废或信息有变，请告诉我们。

${signature}`,
    },
    'offer-open': {
      sms: '{{name}}您好，您{{vehicle}}的{{covers}}{{expiresOn}}到期（{{remaining}}），现在可以正式报价和投保，请联系{{contact}}。',
      subject: '{{covers}}现在可以续保',
      email: `${greeting}

您{{vehicle}}的{{covers}}（保单号{{policyNumber}}）{{expiresOn}}到期（{{remaining}}），现在可以正式报价和投保。

请联系我们索取报价。

${signature}`,
    },
    'expiry-near': {
      sms: '{{name}}您好，您{{vehicle}}的{{covers}}{{expiresOn}}到期（{{remaining}}），请安排续保。联系人：{{contact}}。',
      subject,
      email: `${greeting}

您{{vehicle}}的{{covers}}（保单号{{policyNumber}}）{{expiresOn}}到期（{{remaining}}），请安排续保，以免保障中断。

${signature}`,
    },
    'last-week': {
      sms: '{{name}}您好，您{{vehicle}}的{{covers}}{{expiresOn}}到期（{{remaining}}）。尚未续保的话，请尽快联系{{contact}}。',
      subject,
      email: `${greeting}

您{{vehicle}}的{{covers}}（保单号{{policyNumber}}）{{expiresOn}}到期（{{remaining}}）。尚未续保的话，请尽快联系我们。

${signature}`,
    },
    'last-days': {
      sms: '{{name}}您好，您{{vehicle}}的{{covers}}{{expiresOn}}到期（{{remaining}}），到期后没有保障，请立即联系{{contact}}。',
      subject,
      email: `${greeting}

您{{vehicle}}的{{covers}}（保单号{{policyNumber}}）{{expiresOn}}到期（{{remaining}}），到期后没有保障，请立即联系我们。

${signature}`,
    },
    'expiry-day': {
      sms: '{{name}}您好，您{{vehicle}}的{{covers}}{{expiresOn}}到期（{{remaining}}）。续保请立即联系{{contact}}。',
      subject: '{{covers}}{{expiresOn}}到期',
      email: `${greeting}

您{{vehicle}}的{{covers}}（保单号{{policyNumber}}）{{expiresOn}}到期（{{remaining}}）。尚未续保的话，请立即联系我们，无保险的车辆请勿上路。

${signature}`,
    },
    'renewal-confirmation': {
      sms: '{{name}}您好，您{{vehicle}}的{{covers}}已续保，{% if newPolicyNumber %}新保单号{{newPolicyNumber}}{% else %}原保单号{{policyNumber}}{% endif %}，{% if newPremium %}保费{{newPremium}}元{% else %}上期保费{{premium}}元{% endif %}。{{contact}}',
      subject: '{{covers}}续保确认',
      email: `${greeting}

您{{vehicle}}的续保已完成。

险种：{{covers}}
{% if newPolicyNumber %}新保单号：{{newPolicyNumber}}{% else %}原保单号：{{policyNumber}}{% endif %}
{% if newPremium %}保费：{{newPremium}}元{% else %}上期保费：{{premium}}元{% endif %}

${signature}`,
    },
  },
};
