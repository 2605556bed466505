import { WorkflowNotFoundError } from '@temporalio/client';
import { eq } from 'drizzle-orm';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseDeps } from '../../src/cases/connect.ts';
import { holdCase, resumeCase, tellHold } from '../../src/cases/hold-case.ts';
import { casesBehindTheirHold } from '../../src/db/cases/sweep-records.ts';
import { renewals } from '../../src/db/schema/renewals.ts';
import type { Notice } from '../../src/renewal/case-notice.ts';
import { openBook, type Book } from '../support/given-book.ts';
import { daysBeforeT, shanghai } from '../support/given-plan.ts';

let book: Book;

beforeAll(async () => {
  book = await openBook();
});
afterAll(() => book.close());

/** A Temporal that does this with the signals it gets. */
function aTemporal(signal: (notice: Notice) => void): CaseDeps {
  const handle = { signal: async (_definition: unknown, notice: Notice) => signal(notice) };
  const client = {
    withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
    workflow: { getHandle: () => handle },
  };
  const temporal = { client, close: async () => {} } as unknown as CaseDeps['temporal'];
  return { db: book.db, calendar: shanghai, temporal };
}

const away = () =>
  aTemporal(() => {
    throw new Error('Temporal is away');
  });
const forgetful = (id: string) =>
  aTemporal(() => {
    throw new WorkflowNotFoundError('no such workflow', id, undefined);
  });
const behind = () => casesBehindTheirHold(book.db, 100);

async function aHeldCase(): Promise<string> {
  const id = await book.openCase();
  await book.setTime(40);
  await book.turn(id, 'entered');
  await book.db.update(renewals).set({ workflowStartedAt: new Date() }).where(eq(renewals.id, id));
  const hold = { id: uuidv7(), renewalId: id, until: new Date(daysBeforeT(20)), reason: 'abroad', by: 'S1' };
  await holdCase(
    aTemporal(() => {}),
    hold,
  );
  return id;
}

const resume = (deps: CaseDeps, renewalId: string) => resumeCase(deps, { id: uuidv7(), renewalId, by: 'S1' });

describe('the early end of a hold that nobody could tell its case', () => {
  test('because Temporal was away is told by the sweeper, once', async () => {
    const id = await aHeldCase();
    expect(await behind()).not.toContain(id);
    await expect(resume(away(), id)).rejects.toThrow('Temporal is away');
    expect(await behind()).toContain(id);
    const told: Notice[] = [];
    const deps = aTemporal((notice) => void told.push(notice));
    await tellHold(deps, id);
    await tellHold(deps, id);
    expect(told).toEqual([{ key: 'hold.2', kind: 'resumed', revision: 2 }]);
    expect(await behind()).not.toContain(id);
  });

  test('because its workflow was lost is told once it runs again', async () => {
    const id = await aHeldCase();
    await resume(forgetful(id), id);
    expect(await behind()).toContain(id);
  });
});
