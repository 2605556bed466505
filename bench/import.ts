import { once } from 'node:events';
import { chmodSync, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { businessCalendar } from '../src/calendar/business-calendar.ts';
import { connectDatabase, type Connection } from '../src/db/connection.ts';
import { queueImport, type ImportCounts } from '../src/db/imports/import-records.ts';
import { migrate } from '../src/db/migrate.ts';
import { importList } from '../src/intake/import-list.ts';
import { vinCheckDigit } from '../src/intake/read-vehicle.ts';
import { addDays } from '../src/renewal/calendar.ts';
import { freePort } from '../src/stack/ports.ts';
import { preparePostgres } from '../src/stack/postgres.ts';

// Streams a generated list into a throwaway PostgreSQL, twice: node bench/import.ts [rows]
const rows = Number(process.argv[2] ?? 1_000_000);
const marks = [100_000, 500_000, 1_000_000].filter((mark) => mark <= rows);
const headers =
  '保单号,险种,被保险人,联系电话,电子邮箱,车牌号,车架号,发动机号,厂牌型号,初次登记日期,保险起期,保险止期,上年保费,上年出险次数,上年赔款金额,渠道,机构代码,营销员工号,营销员姓名,业务主任工号,专员工号,客户类别,短信同意,邮件同意,是否核保通过,备注';

function rowOf(turn: number): string {
  const branch = `B${turn % 20}`;
  const expiresOn = addDays('2027-01-01', turn % 365);
  const serial = `LSV${String(turn).padStart(13, '0')}`;
  const vin = `${serial.slice(0, 8)}0${serial.slice(8)}`;
  const checked = `${vin.slice(0, 8)}${vinCheckDigit(vin)}${vin.slice(9)}`;
  const [phone, plate] = [
    `199${String(turn).padStart(8, '0')}`,
    `鲁${String.fromCharCode(65 + (turn % 24))}D${String(turn % 100_000).padStart(5, '0')}`,
  ];
  const vehicle = `${plate},${checked},E${turn},大众帕萨特SVW7183,2020-03-01`;
  const people = `${branch},${branch}A${turn % 200},营销员${turn % 200},${branch}S${turn % 4},${branch}X1`;
  return `PD${turn},商业险,客户${turn},${phone},holder${turn}@example.com,${vehicle},${addDays(expiresOn, -364)},${expiresOn},4200.00,0,0.00,门店,${people},普通,是,是,是,\n`;
}

async function writeList(path: string): Promise<void> {
  const file = createWriteStream(path);
  file.write(`${headers}\n`);
  for (let turn = 0; turn < rows; turn += 1000) {
    let text = '';
    for (let each = turn; each < Math.min(turn + 1000, rows); each += 1) text += rowOf(each);
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

function watch(): { onProgress: (counts: ImportCounts) => void; peak: () => number; stop: () => void } {
  const started = performance.now();
  let [peak, phase, reached] = [0, 'checked', 0];
  const rss = (): number => (peak = Math.max(peak, process.memoryUsage().rss / 2 ** 20));
  const sampler = setInterval(rss, 100);
  const onProgress = (counts: ImportCounts): void => {
    const merged = counts.created + counts.changed + counts.unchanged;
    if (phase === 'checked' && merged > 0) [phase, reached] = ['merged', 0];
    const done = phase === 'merged' ? merged : counts.rows;
    const mark = marks.findLast((each) => each <= done && each > reached);
    if (mark === undefined) return;
    reached = mark;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${phase} ${done} rows after ${seconds} s; memory ${rss().toFixed(0)} MiB at most so far`);
  };
  return { onProgress, peak: rss, stop: () => clearInterval(sampler) };
}

async function runOnce(connection: Connection, path: string): Promise<void> {
  const importId = await queueImport(connection.db, { fileName: 'bench.csv', dryRun: false, requestedBy: 'bench' });
  const watched = watch();
  const started = performance.now();
  const { created, changed, unchanged, rejected } = await importList(connection, {
    importId,
    path,
    today: '2026-12-01',
    calendar: businessCalendar('Asia/Shanghai'),
    onProgress: watched.onProgress,
  });
  const seconds = (performance.now() - started) / 1000;
  watched.stop();
  const rate = (rows / seconds).toFixed(0);
  console.log(`${created} created, ${changed} changed, ${unchanged} unchanged, ${rejected} rejected`);
  console.log(`${seconds.toFixed(1)} s, ${rate} rows/s, ${watched.peak().toFixed(0)} MiB at most`);
}

const dataDir = mkdtempSync(join(tmpdir(), 'xubao-bench-'));
chmodSync(dataDir, 0o711);
const port = await freePort();
const postgres = preparePostgres({ dataDir, port, logFile: join(dataDir, 'postgres.log') });
const server = await postgres.start();
try {
  await migrate(postgres.ownerUrl(), postgres.databaseUrl());
  const connection = connectDatabase(postgres.databaseUrl(), { connections: 4 });
  const path = join(dataDir, 'list.csv');
  await writeList(path);
  console.log(`${rows} rows, first import`);
  await runOnce(connection, path);
  console.log('the same list again');
  await runOnce(connection, path);
  await connection.close();
} finally {
  await server.stop();
  for (const folder of [dataDir, postgres.folder]) rmSync(folder, { recursive: true, force: true });
}
