import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const version = 'v2.16.2';
const run = promisify(execFile);

export type Service = {
  image: string;
  build?: { context: string };
  command?: string[] | null;
  container_name?: string;
  restart?: string;
  ports?: { published?: string; host_ip?: string; target: number }[];
  environment?: Record<string, string | null>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  volumes?: { type: string; source: string; target: string }[];
};

export type ComposeModel = { services: Record<string, Service>; volumes: Record<string, unknown> };

/** Loads the file with the Compose project's own loader, built with Go once and kept. Rejects with what the loader refuses. */
export async function loadCompose(file: string, variables: Record<string, string>): Promise<ComposeModel> {
  const loader = await composeLoader();
  const folder = mkdtempSync(join(tmpdir(), 'xubao-compose-'));
  try {
    const filled = join(folder, 'docker-compose.yml');
    writeFileSync(filled, fillIn(readFileSync(file, 'utf8'), variables));
    const { stdout } = await run(loader, ['-format', 'json', '-no-path-resolution', filled]);
    return JSON.parse(stdout) as ComposeModel;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// The loader's command looks at no variables; those that we leave in place it reports as missing.
function fillIn(text: string, variables: Record<string, string>): string {
  return text.replaceAll(/\$\{([A-Z_]+)[^}]*\}/g, (written, name: string) => variables[name] || written);
}

async function composeLoader(): Promise<string> {
  const folder = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'xubao', `compose-go-${version}`);
  const loader = join(folder, 'cmd');
  if (existsSync(loader)) return loader;
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, GOBIN: folder, GOFLAGS: '-buildvcs=false' };
  await run('go', ['install', `github.com/compose-spec/compose-go/v2/cmd@${version}`], { env });
  return loader;
}

/** Every variable of the example file, the empty ones filled with a letter so that required ones are present. */
export function exampleVariables(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n');
  const names = lines.flatMap((line) => /^([A-Z_]+)=$/.exec(line)?.[1] ?? []);
  return Object.fromEntries(names.map((name) => [name, name.endsWith('_PORT') ? '8080' : 'x']));
}
