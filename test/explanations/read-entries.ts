import type { Db } from '../../src/db/connection.ts';
import { readJournal } from '../../src/reporting/journal-page.ts';
import type { Viewer } from '../../src/reporting/scope/viewer.ts';
import type { Entry } from './verdict.ts';

const auditor: Viewer = { id: 'auditor', roles: ['auditor'], branchId: null, teams: [], branches: [] };

/** A case's journal as its route answers it: through JSON, so that instants are texts. */
export async function readEntries(db: Db, renewalId: string): Promise<Entry[]> {
  const page = await readJournal(db, auditor, { renewalId, after: 0, limit: 200 });
  return JSON.parse(JSON.stringify(page)) as Entry[];
}
