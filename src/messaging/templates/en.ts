import type { Wording } from './template.ts';

const subject = 'Your {{covers}} expires on {{expiresOn}}';
const greeting = 'Dear {{name}},';
const signature = '{{contact}}';
const what = 'your {{covers}}{% if vehicle %} for {{vehicle}}{% endif %}';
const policy = '(policy {{policyNumber}})';

export const english: Wording = {
  nameCovers: (covers) =>
    [covers.filter((cover) => cover !== 'motor').join(' and '), 'motor insurance'].join(' ').trim(),
  remaining: (days) => (days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`),
  templates: {
    'expiry-notice': {
      sms: `{{name}}, ${what} expires on {{expiresOn}} ({{remaining}}). To renew, contact {{contact}}.`,
      subject,
      email: `${greeting}

${what} ${policy} expires on {{expiresOn}} ({{remaining}}).

We are preparing your renewal. Please tell us if the vehicle was sold or scrapped or if anything else has changed.

${signature}`,
    },
    'offer-open': {
      sms: `{{name}}, ${what} expires on {{expiresOn}} ({{remaining}}). Firm quotes are available now from {{contact}}.`,
      subject: 'Your {{covers}} can be renewed now',
      email: `${greeting}

${what} ${policy} expires on {{expiresOn}} ({{remaining}}). It can be quoted and renewed from now on.

Please ask us for your quote.

${signature}`,
    },
    'expiry-near': {
      sms: `{{name}}, ${what} expires on {{expiresOn}} ({{remaining}}). Please arrange the renewal with {{contact}}.`,
      subject,
      email: `${greeting}

${what} ${policy} expires on {{expiresOn}} ({{remaining}}). Please arrange the renewal so that your cover does not end.

${signature}`,
    },
    'last-week': {
      sms: `{{name}}, ${what} expires on {{expiresOn}} ({{remaining}}). If it is not renewed yet, please contact {{contact}} soon.`,
      subject,
      email: `${greeting}

${what} ${policy} expires on {{expiresOn}} ({{remaining}}). If it is not renewed yet, please contact us soon.

${signature}`,
    },
    'last-days': {
      sms: `{{name}}, ${what} expires on {{expiresOn}} ({{remaining}}). You are not covered after that. Please contact {{contact}} now.`,
      subject,
      email: `${greeting}

${what} ${policy} expires on {{expiresOn}} ({{remaining}}). You are not covered after that. Please contact us now.

${signature}`,
    },
    'expiry-day': {
      sms: `{{name}}, ${what} expires on {{expiresOn}} ({{remaining}}). To renew, contact {{contact}} now.`,
      subject,
      email: `${greeting}

${what} ${policy} expires on {{expiresOn}} ({{remaining}}). If it is not renewed yet, please contact us now; an uninsured vehicle must not be driven.

${signature}`,
    },
    'renewal-confirmation': {
      sms: `{{name}}, ${what} is renewed. {% if newPolicyNumber %}New policy {{newPolicyNumber}}{% else %}Previous policy {{policyNumber}}{% endif %}, {% if newPremium %}premium {{newPremium}}{% else %}last premium {{premium}}{% endif %}. {{contact}}`,
      subject: 'Your {{covers}} is renewed',
      email: `${greeting}

your renewal is complete{% if vehicle %} for {{vehicle}}{% endif %}.

Cover: {{covers}}
{% if newPolicyNumber %}New policy: {{newPolicyNumber}}{% else %}Previous policy: {{policyNumber}}{% endif %}
{% if newPremium %}Premium: {{newPremium}}{% else %}Last premium: {{premium}}{% endif %}

${signature}`,
    },
  },
};
