import type { Reader, Reading } from './list-format.ts';

export const value = <Value>(read: Value): Reading<Value> => ({ kind: 'value', value: read });
export const problem = (words: string): Reading<never> => ({ kind: 'problem', problem: words });

const longestText = 500;
const longestCode = 64;

export const text: Reader<string> = (cell) =>
  cell.length > longestText ? problem(`is longer than ${longestText} characters`) : value(cell);

/** Numbers of policies, staff and branches: they become ids, so that they carry nothing a path or a query could trip over. */
export const code: Reader<string> = (cell) => {
  if (cell.length > longestCode) return problem(`is longer than ${longestCode} characters`);
  if (!/^[\p{L}\p{N}._/-]+$/u.test(cell)) return problem('has other characters than letters, digits and - . _ /');
  return value(cell);
};

export const policyNumber: Reader<string> = (cell) => {
  if (cell.length > longestCode) return problem(`is longer than ${longestCode} characters`);
  if (!/^[A-Za-z0-9._/-]+$/.test(cell)) return problem('has other characters than letters, digits and - . _ /');
  return value(cell);
};

export const email: Reader<string> = (cell) =>
  cell.length <= 254 && /^[^\s@<>,;"]+@[^\s@<>,;"]+[.][^\s@<>,;".]+$/.test(cell)
    ? value(cell)
    : problem('is no e-mail address');

/** The IANA name of a zone, such as Asia/Shanghai; an offset such as +08:00 says nothing of summer time. */
export const timeZone: Reader<string> = (cell) => {
  try {
    const { timeZone: name } = new Intl.DateTimeFormat('en', { timeZone: cell }).resolvedOptions();
    return cell.includes('/') ? value(name) : problem('is no name of a time zone such as Asia/Shanghai');
  } catch {
    return problem('is no name of a time zone such as Asia/Shanghai');
  }
};

const yes = new Set(['是', '有', 'y', 'yes', 'true', '1']);
const no = new Set(['否', '无', 'n', 'no', 'false', '0']);

export const yesNo: Reader<boolean> = (cell) => {
  const word = cell.toLowerCase();
  if (yes.has(word)) return value(true);
  return no.has(word) ? value(false) : problem('is neither yes nor no');
};

/** One of the list's own words, turned into ours. */
export function oneOf<Value>(meanings: Record<string, Value>): Reader<Value> {
  const known = new Map(Object.entries(meanings));
  return (cell) => {
    const meaning = known.get(cell);
    return meaning === undefined ? problem(`is none of ${[...known.keys()].join(', ')}`) : value(meaning);
  };
}

/** Whether a text carries a mark such as "(已离职)". */
export function marked(mark: string): Reader<boolean> {
  return (cell) => value(cell.includes(mark));
}

export function textWithout(mark: string): Reader<string> {
  return (cell) => text(cell.replace(mark, '').trim());
}
