import { addDays, type Day } from '../../../src/renewal/calendar.ts';
import { vinCheckDigit } from '../../../src/intake/read-vehicle.ts';

/** Whose data is planted: every word of it is found in no other text. */
export type Holder = {
  turn: number;
  policyNumber: string;
  renewalId: string;
  agentId: string;
  name: string;
  phone: string;
  email: string;
  plate: string;
  vin: string;
  engineNumber: string;
  note: string;
};

const family = ['龘', '靐', '齉', '爩', '麤', '灪', '龖', '厵'];

/** Policies expire in seventeen days or in nine, so that reminders of both kinds come due within two days. */
export function holdersOf(count: number, today: Day): Holder[] {
  return Array.from({ length: count }, (_, turn) => holderOf(turn, today));
}

function holderOf(turn: number, today: Day): Holder {
  const number = String(turn).padStart(3, '0');
  const policyNumber = `CN${number}`;
  const startsOn = addDays(expiryOf(turn, today), -364);
  return {
    turn,
    policyNumber,
    renewalId: `renewal.${policyNumber}.${startsOn.replaceAll('-', '')}`,
    agentId: `CA${turn % 5}`,
    name: `${family[turn % 8]}${family[Math.floor(turn / 8) % 8]}${family[Math.floor(turn / 64) % 8]}`,
    phone: `1990007${number.padStart(4, '0')}`,
    email: `canary.${number}@holder-of-canaries.example`,
    plate: `鲁K${70_000 + turn}`,
    vin: vinOf(number),
    engineNumber: `ENGINE-CANARY-${number}`,
    note: `canary in a list ${number} 客户喜欢晚上接电话`,
  };
}

function expiryOf(turn: number, today: Day): Day {
  return addDays(today, turn % 2 === 0 ? 17 : 9);
}

function vinOf(number: string): string {
  const open = `LZZCANA2_CN000${number}`;
  return open.replace('_', vinCheckDigit(open.replace('_', '0')));
}

const columns =
  '保单号,险种,被保险人,联系电话,电子邮箱,车牌号,车架号,发动机号,保险起期,保险止期,上年保费,渠道,机构代码,营销员工号,营销员姓名,业务主任工号,专员工号,短信同意,邮件同意,是否核保通过,备注';

/** The names of staff are personal too. */
export const staffNames = [
  'canary-agent-甲',
  'canary-agent-乙',
  'canary-agent-丙',
  'canary-agent-丁',
  'canary-agent-戊',
];

/** The pending list with all of them; its last row is refused, with all that is personal in it. */
export function listOf(holders: readonly Holder[], today: Day): string {
  const rows = holders.map((holder) => rowOf(holder, expiryOf(holder.turn, today)));
  return [columns, ...rows, rows[0]?.replace('CN000', 'CN999').replace('商业险', '畜牧险')].join('\n');
}

function rowOf(holder: Holder, expiresOn: Day): string {
  const { policyNumber, name, phone, email, plate, vin, engineNumber, agentId, note, turn } = holder;
  const term = [addDays(expiresOn, -364), expiresOn, '4274.52'];
  const place = ['门店', 'CB01', agentId, staffNames[turn % 5], 'CS1', 'CX1'];
  return [
    policyNumber,
    '商业险',
    name,
    phone,
    email,
    plate,
    vin,
    engineNumber,
    ...term,
    ...place,
    '是',
    '是',
    '是',
    note,
  ].join();
}

/** What is looked for of a holder, as it stands in the books and as others may write it. */
export function wordsOf({ name, phone, email, plate, vin, engineNumber, note }: Holder): string[] {
  return [name, phone, email, plate, vin, engineNumber, note];
}
