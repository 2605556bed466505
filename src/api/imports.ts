import { z } from 'zod';
import type { Db } from '../db/connection.ts';
import { journalise } from '../db/journal/journal-records.ts';
import type { Person } from '../db/staff/staff-records.ts';
import { rejectionsCsv } from '../intake/rejections-csv.ts';
import { listRejections, readImport } from '../reporting/import-page.ts';
import { branchesToImport } from '../reporting/scope/imports.ts';
import type { Viewer } from '../reporting/scope/viewer.ts';
import { pageOf, readCursor, writeCursor } from './doors/cursor.ts';
import type { ImportQueue } from './import-queue.ts';
import { badFields, notFound } from './doors/problem.ts';
import { route, type Route } from './doors/route.ts';
import { id, listOf, paging } from './schemas/basics.ts';
import { importFields, importRecord, rejection } from './schemas/imports.ts';
import { importManagers } from './intake.ts';

export type ImportParts = { db: Db; imports: ImportQueue; maxImportBytes: number };

const tag = 'imports';

export function importRoutes(parts: ImportParts): Route[] {
  return [uploadRoute(parts), oneRoute(parts), rejectionsRoute(parts)];
}

function uploadRoute({ db, imports, maxImportBytes }: ImportParts): Route {
  return route({
    method: 'post',
    path: '/v1/imports',
    summary: 'Import a list of policies: CSV (UTF-8 or GB18030, also gzipped) or XLSX',
    description:
      'The import runs in the background. Bad rows are rejected with line, column and reason, as are rows of branches that are not yours; the rest go in.',
    tag,
    roles: importManagers,
    upload: { maxBytes: maxImportBytes },
    body: importFields,
    answers: { 202: { description: 'Taken; ask for it by its id', schema: importRecord } },
    handle: async ({ person, body, upload }) => {
      if (!upload) throw badFields([{ path: 'file', message: 'A file is needed' }]);
      const format = body.format === undefined ? {} : { format: body.format };
      const branches = branchesToImport(person);
      const optional = { ...format, ...(branches ? { branches } : {}) };
      const importId = await imports.add({ upload, dryRun: body.dryRun ?? false, requestedBy: person.id, ...optional });
      return { status: 202, body: await importAnswer(db, importId, person) };
    },
  });
}

function oneRoute({ db }: ImportParts): Route {
  return route({
    method: 'get',
    path: '/v1/imports/{id}',
    summary: 'An import and its counts so far',
    tag,
    roles: importManagers,
    params: z.strictObject({ id }),
    reach: 'import',
    problems: [404],
    answers: { 200: { description: 'The import', schema: importRecord } },
    handle: async ({ person, params }) => ({ status: 200, body: await importAnswer(db, params.id, person) }),
  });
}

async function importAnswer(db: Db, importId: string, viewer: Viewer) {
  const row = await readImport(db, importId, viewer);
  if (!row) throw notFound('import');
  const { fileSha256: _fileSha256, ...fields } = row;
  return fields;
}

function rejectionsRoute({ db }: ImportParts): Route {
  return route({
    method: 'get',
    path: '/v1/imports/{id}/rejections',
    summary: 'The rejected rows; as CSV to mend and send back',
    description:
      'JSON unless `format=csv` or `Accept: text/csv` asks for the CSV, which carries the whole rows; that is journalled.',
    tag,
    roles: importManagers,
    params: z.strictObject({ id }),
    reach: 'import',
    query: z.strictObject({ format: z.enum(['json', 'csv']).optional(), ...paging }),
    problems: [404],
    answers: {
      200: {
        description: 'One page, or all as CSV',
        schema: listOf(rejection),
        mediaTypes: ['application/json', 'text/csv'],
      },
    },
    handle: async ({ person, params, query, prefers }) => {
      if ((query.format ?? (prefers(['json', 'csv']) || 'json')) === 'csv') {
        await journaliseReveal(db, person, params.id);
        const headers = { 'content-disposition': `attachment; filename="rejections-${params.id}.csv"` };
        return {
          status: 200,
          text: { type: 'text/csv; charset=utf-8', content: rejectionsCsv(db, params.id) },
          headers,
        };
      }
      const shape = z.object({ line: z.number().int(), id });
      const after = readCursor('rejections', shape, query.cursor);
      const rows = await listRejections(db, person, { importId: params.id, after, limit: query.limit + 1 });
      const item = ({ line, column, reason }: (typeof rows)[number]) => ({ line, column, reason });
      const cursor = (row: (typeof rows)[number]): string => writeCursor('rejections', { line: row.line, id: row.id });
      return { status: 200, body: pageOf(rows, query.limit, { item, cursor }) };
    },
  });
}

/** The CSV shows customers as the list did: who took it is written down. */
async function journaliseReveal(db: Db, person: Person, importId: string): Promise<void> {
  const entry = { chain: `import.${importId}`, actor: person.id, event: 'revealed', reason: 'rejections-as-csv' };
  await journalise(db, [{ ...entry, inputs: { roles: person.roles } }]);
}
