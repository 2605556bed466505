import { spawn } from 'node:child_process';

/** Runs a program to its end; answers its exit status and all that it wrote. */
export function runProgram(
  program: string,
  args: readonly string[],
  { env, cwd }: { env?: Record<string, string>; cwd: string },
): Promise<{ status: number | null; output: string }> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output: Buffer.concat(chunks).toString('utf8') }));
  });
}
