import { readDatabaseUrl } from './config/secrets.ts';
import { readStackSettings } from './config/stack-settings.ts';
import { connectDatabase } from './db/connection.ts';
import { verifyJournal, type JournalFault } from './db/journal/journal-verify.ts';
import { environmentInReach } from './stack/running-environment.ts';

const faultsPrinted = 100;

/** `npx xubao journal verify`: says whether the journal is whole, and names the first bad entry of each broken chain. */
export async function verify(options: { chain?: string }): Promise<void> {
  const env = environmentInReach(process.env, readStackSettings(process.env));
  const database = connectDatabase(readDatabaseUrl(env), { connections: 1 });
  let printed = 0;
  const onFault = (fault: JournalFault): void => {
    if ((printed += 1) <= faultsPrinted) process.stdout.write(`${sentenceOf(fault)}\n`);
  };
  try {
    const { chains, entries, faults } = await verifyJournal(database.db, { ...options, onFault });
    if (faults > faultsPrinted) process.stdout.write(`… and ${faults - faultsPrinted} more\n`);
    if (options.chain !== undefined && chains + faults === 0) throw new Error(`There is no chain ${options.chain}.`);
    process.stdout.write(`${chains} chains with ${entries} entries: ${faults === 0 ? 'whole' : `${faults} broken`}\n`);
    if (faults > 0) process.exitCode = 1;
  } finally {
    await database.close();
  }
}

function sentenceOf(fault: JournalFault): string {
  switch (fault.kind) {
    case 'changed':
      return `${fault.chain}, entry ${fault.sequence}: its content is not what its hash was computed from`;
    case 'unlinked':
      return `${fault.chain}, entry ${fault.sequence}: it does not carry the hash of the entry before`;
    case 'entry-missing':
      return `${fault.chain}, entry ${fault.sequence}: it is missing`;
    case 'tail-missing':
      return `${fault.chain}, entry ${fault.sequence}: it is missing, with all up to ${fault.lastSequence}`;
    case 'head-differs':
      return `${fault.chain}, entry ${fault.sequence}: it is not the entry that the chain's head names as the last`;
    case 'chain-missing':
      return `${fault.chain}, entry 1: it is missing, with the whole chain`;
  }
}
