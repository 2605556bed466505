import type { StaffWording } from './staff-wording.ts';

const greeting = 'Hello {{recipient}},';

const listed = (items: string): string => `{% if ${items}.size > 0 %}

{% for item in ${items} %}
- {{item.customer}}{% if item.vehicle %} {{item.vehicle}}{% endif %}, policy ending in {{item.policy}}, expires on {{item.expiresOn}}: {{item.why}}{% if item.dueOn %} by {{item.dueOn}}{% endif %}. [Open the case]({{item.link}})
{% endfor %}

{% endif %}`;

export const englishStaffTexts: StaffWording = {
  templates: {
    'morning-digest': {
      sms: 'Renewals on {{today}}: {{due}} due today, {{overdue}} overdue. {{link}}',
      subject: '{{due}} due today{% if overdue > 0 %}, {{overdue}} overdue{% endif %} ({{today}})',
      email: `${greeting}

Your tasks on {{today}}: {{due}} due today{% if overdue > 0 %} and {{overdue}} overdue{% endif %}.

${listed('items')}

[See all your tasks]({{link}})`,
    },
    'key-tracking-list': {
      sms: 'Key tracking, {{unit}}, {{today}}: {{count}} policies. Please work each one and record what came of it. {{link}}',
      subject: 'Key tracking, {{unit}}: {{count}} policies ({{today}})',
      email: `${greeting}

{{unit}} has {{count}} policies to track today. Please work each one and record what came of it.

${listed('items')}

[See the whole list]({{link}})`,
    },
    'half-month-list': {
      sms: 'The list of {{unit}} is refreshed: {{count}} policies, {{changed}} changes. {{link}}',
      subject: 'List of {{unit}}: {{count}} policies, {{changed}} changes ({{today}})',
      email: `${greeting}

{{unit}} has {{count}} policies that expire from {{from}} to {{to}}. Since the last list, {{changed}} entries have changed.

${listed('differences')}

[See the whole list]({{link}})`,
    },
    escalation: {
      sms: 'Escalation: policy ending in {{item.policy}}, {{stage}} ended without a result that counts. Please act. {{link}}',
      subject: 'Escalation: {{item.customer}}{% if item.vehicle %} {{item.vehicle}}{% endif %}, no result in {{stage}}',
      email: `${greeting}

This case had no result that counts when its stage, {{stage}}, ended. It is now with you as well.

- Customer: {{item.customer}}{% if item.vehicle %} {{item.vehicle}}{% endif %}
- Policy ending in: {{item.policy}}
- Expires on: {{item.expiresOn}}
- Owner: {{owner}}
- Task: {{item.why}}{% if item.dueOn %}, by {{item.dueOn}}{% endif %}

[Open the case]({{link}})`,
    },
    'hand-over': {
      sms: '{{count}} cases of {{formerOwner}} wait for a new owner. Please decide by {{dueOn}}. {{link}}',
      subject: 'Hand-over: {{count}} cases of {{formerOwner}}, to be decided by {{dueOn}}',
      email: `${greeting}

{{formerOwner}} has left, and {{count}} renewal cases wait for a new owner. Their customers get no reminders meanwhile.

Please decide by {{dueOn}}: take them over, name a new owner, or offer them to another channel. Cases without a decision go to the call centre.

[Open the hand-over]({{link}})`,
    },
  },
  reasons: {
    'file-check': 'check the file',
    'indicative-quote': 'indicative quote',
    'accept-entry': 'accept the entry',
    'first-contact': 'first contact',
    'firm-quote': 'firm quote',
    'phone-attempt': 'call',
    'key-client-visit': 'visit to a key customer',
    'second-visit': 'second visit',
    'last-offer': 'last offer',
    'call-back': 'promised call-back',
    coaching: 'coach the agent',
    'accept-reminder': 'have the entry accepted',
    'do-not-contact-review': 'review a refusal of contact',
    'call-centre-case': 'work the case',
    'second-round': 'second round',
    'hand-over': 'hand-over',
    'concession-decision': 'decide on a concession',
    'call-back-check': 'check a loss reason',
    'renewal-check': 'check a renewal',
    'read-reply': 'read an answer',
    'key-customer': 'key customer',
    'no-effective-contact': 'no effective contact yet',
    quoted: 'quoted, no decision yet',
    promised: 'promised',
    considering: 'considering',
    'expires-soon': 'expires soon',
    added: 'new on the list',
    'expiry-moved': 'expiry date changed',
    'owner-changed': 'owner changed',
    'stage-turned': 'in a new stage',
    renewed: 'renewed',
    lost: 'lost',
    'handed-off': 'handed off',
  },
  stages: {
    preparation: 'preparation',
    'follow-up': 'follow-up',
    'intensive-chase': 'intensive chase',
    'wrap-up': 'wrap-up',
  },
};
