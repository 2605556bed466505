import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const soundRow = {
  保单号: 'PDAA2026000001',
  险种: '商业险',
  被保险人: '李晓',
  联系电话: '13800138000',
  电子邮箱: 'lixiao@example.com',
  车牌号: '鲁A12345',
  车架号: 'LSVAA49J132047371',
  发动机号: 'E100001',
  厂牌型号: '大众帕萨特SVW7183',
  初次登记日期: '2020-03-01',
  保险起期: '2026-03-01',
  保险止期: '2027-02-28',
  上年保费: '4200.00',
  上年出险次数: '0',
  上年赔款金额: '0.00',
  渠道: '门店',
  机构代码: '3701',
  营销员工号: '3701A001',
  营销员姓名: '王敏',
  业务主任工号: '3701S001',
  专员工号: '3701X001',
  客户类别: '普通',
  短信同意: '是',
  邮件同意: '是',
  是否核保通过: '是',
  备注: '',
};

export type PendingRow = Partial<typeof soundRow>;
export const pendingHeaders = Object.keys(soundRow);

/** A pending list as CSV text; each row shows only what differs from a sound one. */
export function aPendingList(...rows: PendingRow[]): string {
  const lines = rows.map((row) => Object.values({ ...soundRow, ...row }).join(','));
  return `${[pendingHeaders.join(','), ...lines].join('\r\n')}\r\n`;
}

/** A file in a folder of its own, removed by `remove`. */
export function aFile(content: string | Uint8Array): { path: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'xubao-test-list-'));
  const path = join(folder, 'list');
  writeFileSync(path, content);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
