import { optional, required, type ListFormat } from '../list-format.ts';
import { day } from '../read-day.ts';
import { count, money } from '../read-number.ts';
import { phone } from '../read-phone.ts';
import { code, email, marked, oneOf, policyNumber, text, textWithout, timeZone, yesNo } from '../read-text.ts';
import { checkedVin, chinesePlate } from '../read-vehicle.ts';

const departed = '(已离职)';

/** The pending-renewal list of a Chinese core system; 保险止期 is the last insured day. */
export const cnPendingList: ListFormat = {
  name: 'cn-pending-list',
  language: 'zh-CN',
  expiryIs: 'last-insured-day',
  oneRowPer: 'policy-number',
  samePersonBy: 'phone-and-name',
  columns: {
    policyNumber: required('保单号', policyNumber),
    coverType: required('险种', oneOf({ 交强险: 'compulsory', 商业险: 'commercial' })),
    customerName: required('被保险人', text),
    phone: optional('联系电话', phone('CN')),
    email: optional('电子邮箱', email),
    plate: optional('车牌号', chinesePlate),
    vin: optional('车架号', checkedVin),
    engineNumber: optional('发动机号', text),
    model: optional('厂牌型号', text),
    firstRegisteredOn: optional('初次登记日期', day),
    startsOn: required('保险起期', day),
    expiresOn: required('保险止期', day),
    premium: required('上年保费', money),
    claimsCount: optional('上年出险次数', count),
    claimsAmount: optional('上年赔款金额', money),
    channel: optional('渠道', text),
    branchId: required('机构代码', code),
    agentId: optional('营销员工号', code),
    agentName: optional('营销员姓名', textWithout(departed)),
    agentDeparted: optional('营销员姓名', marked(departed)),
    supervisorId: optional('业务主任工号', code),
    specialistId: optional('专员工号', code),
    tier: optional('客户类别', text),
    smsConsent: optional('短信同意', yesNo),
    emailConsent: optional('邮件同意', yesNo),
    underwritingApproved: optional('是否核保通过', yesNo),
    note: optional('备注', text),
    // Last, so that rejected rows of earlier lists still stand under their headers.
    fleetNumber: optional('团单号', code),
    timeZone: optional('时区', timeZone),
  },
};
