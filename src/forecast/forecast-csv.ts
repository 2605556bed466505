import { stringify } from 'csv-stringify/sync';
import { taskKinds } from '../renewal/task.ts';
import type { ForecastReport, PersonDay } from './forecast-report.ts';

// Excel takes a CSV without this mark for the encoding of its country.
const byteOrderMark = '\ufeff';

const totals = ['sms', 'emails', 'calls', 'contactsDue', 'contactsPossible', 'tasksDue', 'tasksGiven'] as const;
const states = ['escalations', 'openTasks', 'customers'] as const;

/**
 * One row for each day and person or queue, with the tasks of each kind that are given and due; empty cells where a queue
 * has no such number. Cells that a spreadsheet would run as a formula are escaped with an apostrophe.
 */
export function forecastCsv({ people }: ForecastReport): string {
  const kinds = taskKinds.flatMap((kind) => [`due:${kind}`, `given:${kind}`]);
  const headers = ['day', 'who', ...totals, ...states, 'overload', ...kinds];
  const rows = people.map(rowOf);
  return byteOrderMark + stringify([headers, ...rows], { escape_formulas: true, record_delimiter: '\r\n' });
}

function rowOf(row: PersonDay): string[] {
  const counts = [...totals, ...states].map((name) => String(row[name] ?? ''));
  const kinds = taskKinds.flatMap((kind) => [row.due[kind] ?? 0, row.given[kind] ?? 0].map(String));
  return [row.day, row.who, ...counts, row.overload.join(' '), ...kinds];
}
