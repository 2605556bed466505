import type { Template, TemplateKey } from './template.ts';

const which = 'your {{covers}}{% if vehicle %} for {{vehicle}}{% endif %}';
const sentence = 'Your {{covers}}{% if vehicle %} for {{vehicle}}{% endif %}';
const ends = 'ends on {{expiresOn}} ({{remaining}})';
const policy = '(policy {{policyNumber}})';
const greeting = 'Dear {{name}},';
const signature = 'Kind regards,\n{{contact}}';
const wayOut = 'Reply STOP to opt out.';
const subject = 'Your {{covers}} ends on {{expiresOn}}';
const elsewhere = 'If you are already insured elsewhere, please disregard this message.';

export const englishTexts: Record<TemplateKey, Template> = {
  'expiry-notice': {
    sms: `{{name}}, ${which} ${ends}. For your renewal, contact {{contact}}. ${wayOut}`,
    subject,
    email: `${greeting}

${sentence} ${policy} ${ends}.

We are preparing your renewal and will be in touch. Please tell us if you have sold the vehicle or if your details have changed.

Thank you for being with us this year.

${signature}`,
  },
  'offer-open': {
    sms: `{{name}}, ${which} ${ends}. You can renew now with {{contact}}. ${wayOut}`,
    subject: 'Your {{covers}} can be renewed now',
    email: `${greeting}

${sentence} ${policy} ${ends}. It can be quoted and renewed from now on.

Please contact us for your quote; we will gladly go through it with you.

${signature}`,
  },
  'expiry-near': {
    sms: `{{name}}, ${which} ${ends}. Please allow time to renew: {{contact}}. ${wayOut}`,
    subject,
    email: `${greeting}

${sentence} ${policy} ${ends}. To stay covered without a gap, please allow some time for the renewal.

We can help you with the quote and the papers. ${elsewhere}

${signature}`,
  },
  'last-week': {
    sms: `{{name}}, ${which} ${ends}. Not renewed yet? Contact {{contact}}. ${wayOut}`,
    subject,
    email: `${greeting}

${sentence} ${policy} ${ends}. If you have not renewed yet, please contact us and we will arrange it quickly.

${elsewhere}

${signature}`,
  },
  'last-days': {
    sms: `{{name}}, ${which} ${ends}. Your cover stops then. Contact {{contact}}. ${wayOut}`,
    subject,
    email: `${greeting}

${sentence} ${policy} ${ends}. Your cover stops then.

If you would like to renew, please contact us soon. ${elsewhere}

${signature}`,
  },
  'expiry-day': {
    sms: `{{name}}, ${which} ${ends}. To renew today, contact {{contact}}. ${wayOut}`,
    subject: 'Your {{covers}} ends {{remaining}}',
    email: `${greeting}

${sentence} ${policy} ${ends}.

If you have not renewed yet, we can still arrange it; please contact us. Please do not drive before a new policy is in force.

${elsewhere}

${signature}`,
  },
  'renewal-confirmation': {
    sms: `{{name}}, ${which} is renewed. {% if newPolicyNumber %}New policy {{newPolicyNumber}}{% else %}Previous policy {{policyNumber}}{% endif %}{% if newPremium %}, premium {{newPremium}}{% endif %}. Thank you. Regards, {{contact}}`,
    subject: 'Your {{covers}} is renewed',
    email: `${greeting}

Your renewal{% if vehicle %} for {{vehicle}}{% endif %} is complete. Thank you for staying with us.

- Cover: {{covers}}
- {% if newPolicyNumber %}New policy: {{newPolicyNumber}}{% else %}Previous policy: {{policyNumber}}{% endif %}
{% if newPremium %}- Premium: {{newPremium}}{% endif %}

Please check these details and tell us if anything is not right.

${signature}`,
  },
};
