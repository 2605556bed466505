import { roles, type Role } from '../../../src/db/staff/staff-records.ts';
import { expected, type Expectation } from './expectation.ts';
import { askers, places, type Things, type Where } from './things.ts';

export type Operation = { method: string; path: string };

/** The described operations by their id. */
export async function operationsOf(url: string): Promise<Map<string, Operation>> {
  type Document = { paths: Record<string, Record<string, { operationId: string }>> };
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  return new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [operationId, { method, path }] as const),
    ),
  );
}

/** One request: who asks where with which token, and which answers are right. */
export type Cell = {
  name: string;
  asker: string | { token: string };
  where: Where;
  statuses: readonly number[];
  /** In a list: whether the thing of this place is among the items. */
  lists?: { id: string; isListed: boolean };
};

const wheres: readonly Where[] = [...places, 'unknown'];
const admitted = ({ answers = [200] }: Expectation): readonly number[] => answers;

export type BadTokens = Record<'none' | 'forged' | 'expired', string>;

/** Every cell of an operation: each role at each place, and each token that is none. */
export function cellsOf(expectation: Expectation, { things, badTokens }: { things: Things; badTokens: BadTokens }) {
  const cells = roles.flatMap((role) => cellsOfRole(expectation, role, things));
  const statuses = expectation.kind === 'open' ? admitted(expectation) : [401];
  const withoutToken = Object.entries(badTokens).map(([name, token]): Cell => ({
    name: `token ${name}`,
    asker: { token },
    where: 'own',
    statuses,
  }));
  return [...cells, ...withoutToken];
}

function cellsOfRole(expectation: Expectation, role: Role, things: Things): Cell[] {
  const asker = askers[role];
  const cell = (where: Where, statuses: readonly number[]): Cell => ({
    name: `${role} ${where}`,
    asker,
    where,
    statuses,
  });
  switch (expectation.kind) {
    case 'open':
      return [cell('own', admitted(expectation))];
    case 'plain':
      return [cell('own', expectation.roles.includes(role) ? admitted(expectation) : [403])];
    case 'list':
      return places.map((where) => {
        const isRefused = expectation.seen[role] === undefined;
        const isListed = expected(expectation.seen, role, where) === 'admitted';
        const lists = { id: things[expectation.thing][where], isListed };
        return { ...cell(where, isRefused ? [403] : [200]), ...(isRefused ? {} : { lists }) };
      });
    case 'one':
      return wheres.map((where) => {
        const status = expected(expectation.seen, role, where);
        return cell(where, status === 'admitted' ? admitted(expectation) : [status]);
      });
  }
}

/** The path of the request of a cell. */
export function pathFor(
  { path }: Operation,
  expectation: Expectation,
  { things, where }: { things: Things; where: Where },
): string {
  const params = expectation.params ?? {};
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const given = params[name];
    const value = typeof given === 'function' ? given({ things, where }) : given;
    if (value !== undefined) return encodeURIComponent(value);
    if (expectation.kind !== 'one') throw new Error(`${path} needs a value for ${name}`);
    return encodeURIComponent(things[expectation.thing][where]);
  });
  return `${filled}${expectation.query ?? ''}`;
}
