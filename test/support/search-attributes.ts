import type { Connection } from '@temporalio/client';
import { searchAttributeTypes } from '../../src/stack/temporal-server.ts';

// The numbers of the server's own enumeration of value types.
const numberOf: Record<string, number> = { Keyword: 2, Int: 3, Bool: 5, Datetime: 6 };

/** Registers the attributes of cases on a server that does not have them yet. */
export async function showSearchAttributes(connection: Connection): Promise<void> {
  const searchAttributes = Object.entries(searchAttributeTypes).map(([name, type]) => [name, numberOf[type] ?? 0]);
  await connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(searchAttributes),
  });
}
