import { execFileSync, spawnSync } from 'node:child_process';

export type SystemUser = { uid: number; gid: number };

/** PostgreSQL refuses to run as root: picks, or makes, a user of its own. Undefined when we are not root. */
export function postgresUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const user = findUser('postgres') ?? createUser('postgres') ?? findUser('nobody');
  if (user) return user;
  throw new Error(
    'PostgreSQL cannot run as root, and no other user could be found or made. Start Xubao as another user.',
  );
}

function findUser(name: string): SystemUser | undefined {
  try {
    const id = (option: string): number => Number(execFileSync('id', [option, name], { stdio: 'pipe' }).toString());
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

function createUser(name: string): SystemUser | undefined {
  const ways: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', name]],
    ['adduser', ['-S', '-D', '-H', name]],
  ];
  for (const [command, args] of ways) {
    if (spawnSync(command, args, { stdio: 'ignore' }).status === 0) return findUser(name);
  }
  return undefined;
}

/** Whether the user can step into the folder; as ourselves we always can. */
export function mayEnter(folder: string, user: SystemUser | undefined): boolean {
  if (!user) return true;
  return (
    spawnSync('/bin/sh', ['-c', 'cd "$1" && ls >/dev/null', 'sh', folder], { cwd: '/', stdio: 'ignore', ...user })
      .status === 0
  );
}

/** Whether the user can run the program with the libraries it lies beside. */
export function mayRun(program: string, user: SystemUser | undefined): boolean {
  return spawnSync(program, ['--version'], { cwd: '/', stdio: 'ignore', ...user }).status === 0;
}
