import type { StaffWording } from './staff-wording.ts';

const greeting = '{{recipient}}您好：';

const listed = (items: string): string => `{% if ${items}.size > 0 %}

{% for item in ${items} %}
- {{item.customer}}{% if item.vehicle %} {{item.vehicle}}{% endif %}，保单尾号{{item.policy}}，{{item.expiresOn}}到期：{{item.why}}{% if item.dueOn %}，{{item.dueOn}}前完成{% endif %}，[打开案件]({{item.link}})
{% endfor %}

{% endif %}`;

export const chineseStaffTexts: StaffWording = {
  templates: {
    'morning-digest': {
      sms: '{{today}}续保待办：今日到期{{due}}件，逾期{{overdue}}件。{{link}}',
      subject: '今日待办{{due}}件{% if overdue > 0 %}，逾期{{overdue}}件{% endif %}（{{today}}）',
      email: `${greeting}

今天是{{today}}，到期的任务有{{due}}件{% if overdue > 0 %}，另有逾期未办的{{overdue}}件{% endif %}。

${listed('items')}

[查看全部待办]({{link}})`,
    },
    'key-tracking-list': {
      sms: '{{unit}}重点追踪名单（{{today}}）共{{count}}件，请逐件跟进并记录结果。{{link}}',
      subject: '{{unit}}重点追踪名单：{{count}}件（{{today}}）',
      email: `${greeting}

{{unit}}今天需要重点追踪的保单有{{count}}件，请逐件跟进，并记录每一件的结果。

${listed('items')}

[查看全部名单]({{link}})`,
    },
    'half-month-list': {
      sms: '{{unit}}待续保名单已更新：共{{count}}件，变动{{changed}}件。{{link}}',
      subject: '{{unit}}待续保名单：{{count}}件，变动{{changed}}件（{{today}}）',
      email: `${greeting}

{{unit}}在{{from}}至{{to}}到期的保单共{{count}}件。与上一期名单相比，变动{{changed}}件。

${listed('differences')}

[查看完整名单]({{link}})`,
    },
    escalation: {
      sms: '升级提醒：保单尾号{{item.policy}}在“{{stage}}”阶段没有有效结果，请处理。{{link}}',
      subject:
        '升级提醒：{{item.customer}}{% if item.vehicle %} {{item.vehicle}}{% endif %}，“{{stage}}”阶段没有有效结果',
      email: `${greeting}

以下案件在“{{stage}}”阶段结束时没有有效结果，现转请您处理。

- 客户：{{item.customer}}{% if item.vehicle %} {{item.vehicle}}{% endif %}
- 保单尾号：{{item.policy}}
- 到期日：{{item.expiresOn}}
- 归属人：{{owner}}
- 任务：{{item.why}}{% if item.dueOn %}，请于{{item.dueOn}}前完成{% endif %}

[打开案件]({{link}})`,
    },
    'hand-over': {
      sms: '{{formerOwner}}名下{{count}}件案件待交接，请于{{dueOn}}前决定。{{link}}',
      subject: '孤儿单交接：{{formerOwner}}名下{{count}}件，请于{{dueOn}}前决定',
      email: `${greeting}

{{formerOwner}}已离任，名下有{{count}}件续保案件等待交接。交接期间不会给这些客户发送提醒。

请于{{dueOn}}前决定：自己接手、指定新的归属人，或移交其他渠道。逾期未决定的案件将转给电销中心。

[打开交接名单]({{link}})`,
    },
  },
  reasons: {
    'file-check': '核对档案',
    'indicative-quote': '参考报价',
    'accept-entry': '接收名单',
    'first-contact': '首次联系',
    'firm-quote': '正式报价',
    'phone-attempt': '电话追踪',
    'key-client-visit': '重点客户拜访',
    'second-visit': '二次拜访',
    'last-offer': '最后报价',
    'call-back': '约定回访',
    coaching: '督导',
    'accept-reminder': '催办接收',
    'do-not-contact-review': '拒绝联系复核',
    'call-centre-case': '电销接手',
    'second-round': '二次促成',
    'hand-over': '孤儿单交接',
    'concession-decision': '让利审批',
    'call-back-check': '回访核实',
    'renewal-check': '续保核实',
    'read-reply': '阅读客户短信回复',
    'key-customer': '重点客户',
    'no-effective-contact': '尚无有效联系',
    quoted: '已报价，等待答复',
    promised: '客户已承诺',
    considering: '客户考虑中',
    'expires-soon': '临近到期',
    added: '新进名单',
    'expiry-moved': '到期日有变更',
    'owner-changed': '归属人有变更',
    'stage-turned': '进入新阶段',
    renewed: '已续保',
    lost: '已流失',
    'handed-off': '已移交',
  },
  stages: { preparation: '准备', 'follow-up': '跟进', 'intensive-chase': '强化促成', 'wrap-up': '收尾' },
};
