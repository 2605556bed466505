import type { Template, TemplateKey } from './template.ts';

const which = '您{{vehicle}}的{{covers}}';
const due = '{{expiresOn}}到期（{{remaining}}）';
const policy = '（保单号{{policyNumber}}）';
const greeting = '{{name}}您好：';
const signature = '您的续保联系人：{{contact}}';
const wayOut = '拒收请回复T';
const subject = '您的{{covers}}将于{{expiresOn}}到期';

export const chineseTexts: Record<TemplateKey, Template> = {
  'expiry-notice': {
    sms: `{{name}}您好，${which}将于${due}。我们会为您备好续保方案，详询{{contact}}。${wayOut}`,
    subject,
    email: `${greeting}

${which}${policy}将于${due}。

我们正在为您准备续保方案，届时会与您联系。如果车辆已转让、报废，或者联系方式有变化，请告诉我们。

感谢您一年来的信任。

${signature}`,
  },
  'offer-open': {
    sms: `{{name}}您好，${which}将于${due}，现在即可报价续保，请联系{{contact}}。${wayOut}`,
    subject: '您的{{covers}}现在可以续保',
    email: `${greeting}

${which}${policy}将于${due}，现在可以正式报价和办理续保。

如需报价，请联系我们，我们会为您算好并逐项说明。

${signature}`,
  },
  'expiry-near': {
    sms: `{{name}}您好，${which}将于${due}。为免保障中断，请及早续保，详询{{contact}}。${wayOut}`,
    subject,
    email: `${greeting}

${which}${policy}将于${due}。为避免保障中断，请留出时间办理续保。

报价、投保和出单我们都可以协助您。如果您已经在别处投保，请忽略本邮件。

${signature}`,
  },
  'last-week': {
    sms: `{{name}}您好，${which}将于${due}。如还未续保，请联系{{contact}}为您办理。${wayOut}`,
    subject,
    email: `${greeting}

${which}${policy}将于${due}。如果还未续保，请联系我们，我们会尽快为您办理。

如果您已经在别处投保，请忽略本邮件。

${signature}`,
  },
  'last-days': {
    sms: `{{name}}您好，${which}将于${due}，届时保障终止。如需续保请联系{{contact}}。${wayOut}`,
    subject,
    email: `${greeting}

${which}${policy}将于${due}，到期后保障即终止。

如需续保，请尽快联系我们。如果您已经在别处投保，请忽略本邮件。

${signature}`,
  },
  'expiry-day': {
    sms: `{{name}}您好，${which}${due}。如需续保，请联系{{contact}}。续保生效前请勿驾车上路。${wayOut}`,
    subject: '您的{{covers}}{{remaining}}到期',
    email: `${greeting}

${which}${policy}${due}。

如果还未续保，我们仍可以为您办理，请联系我们。新保单生效之前，请不要驾车上路。

如果您已经在别处投保，请忽略本邮件，祝您行车平安。

${signature}`,
  },
  'renewal-confirmation': {
    sms: `{{name}}您好，${which}已续保，{% if newPolicyNumber %}新保单号{{newPolicyNumber}}{% else %}原保单号{{policyNumber}}{% endif %}{% if newPremium %}，保费{{newPremium}}元{% endif %}。感谢您的信任。{{contact}}`,
    subject: '您的{{covers}}续保已完成',
    email: `${greeting}

您{{vehicle}}的续保已完成，感谢您的信任。

- 险种：{{covers}}
- {% if newPolicyNumber %}新保单号：{{newPolicyNumber}}{% else %}原保单号：{{policyNumber}}{% endif %}
{% if newPremium %}- 保费：{{newPremium}}元{% endif %}

请核对以上信息，如有出入请联系我们。

${signature}`,
  },
};
