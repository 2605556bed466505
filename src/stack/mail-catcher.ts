import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { startProcess, untilReady, type RunningProcess } from './process.ts';

export type MailCatcherOptions = {
  smtpPort: number;
  pagePort: number;
  logFile: string;
  /** Where mails are kept across restarts; never shared, because maildev shows whatever lies there. */
  folder: string;
};

/** Starts maildev: takes every e-mail over SMTP, delivers none, shows them on a page and as JSON at `/api/email`. */
export async function startMailCatcher(options: MailCatcherOptions): Promise<RunningProcess> {
  const running = await startProcess({
    name: 'mail catcher',
    command: process.execPath,
    args: [
      maildevProgram(),
      '--ip=127.0.0.1',
      '--web-ip=127.0.0.1',
      `--smtp=${options.smtpPort}`,
      `--web=${options.pagePort}`,
      `--mail-directory=${options.folder}`,
    ],
    logFile: options.logFile,
  });
  const page = `http://127.0.0.1:${options.pagePort}/api/email?limit=1`;
  const isReady = async (): Promise<boolean> => (await fetch(page, { signal: AbortSignal.timeout(2_000) })).ok;
  await untilReady(running, options.logFile, { isReady, withinMs: 60_000 });
  return running;
}

function maildevProgram(): string {
  const manifest = findPackageJSON('maildev', import.meta.url);
  if (!manifest) throw new Error('The package maildev is not installed; run npm ci');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { maildev: string } };
  return join(dirname(manifest), bin.maildev);
}
