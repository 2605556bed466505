import { once } from 'node:events';
import { readStackSettings } from '../config/stack-settings.ts';
import { roles } from '../db/staff/staff-records.ts';
import { loadExampleBook } from './example-book.ts';
import { reportProgress, type Progress } from './progress.ts';
import { startStack, type Stack } from './stack.ts';

/** Runs the embedded stack until Ctrl-C or SIGTERM. */
export async function start(): Promise<void> {
  const settings = readStackSettings(process.env);
  const progress = reportProgress(process.stdout);
  const leave = hearOfLeaving(progress.say);
  const startedAt = Date.now();
  progress.say(`Xubao starts on ${settings.dataDir} …`);
  try {
    const stack = await startStack({ ...settings, progress, signal: leave });
    await stack
      .once('example-book', () => loadBook(stack, progress))
      .catch((error: unknown) => {
        progress.say(`The example book could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
      });
    progress.say(welcome(stack, { today: await stack.today(), tookMs: Date.now() - startedAt }));
    if (!leave.aborted) await once(leave, 'abort');
    progress.say('Stopping …');
    await stack.stop();
  } catch (error) {
    if (!leave.aborted) throw error;
  }
  progress.say('Stopped. Everything is kept; the next start goes on from here.');
}

async function loadBook(stack: Stack, { say, during }: Progress): Promise<void> {
  const book = { apiUrl: stack.urls.api, today: await stack.today() };
  const { accepted, rejected, opened } = await during('Loading the example book', () => loadExampleBook(book));
  say(`The example book is in: ${accepted} rows accepted, ${rejected} rejected, ${opened} cases opened`);
}

// npm passes a terminal's Ctrl-C on although we got it already: what comes within a second is the same keystroke.
const sameKeystrokeMs = 1_000;

function hearOfLeaving(say: (line: string) => void): AbortSignal {
  const leaving = new AbortController();
  let firstAt = 0;
  const hear = (): void => {
    if (firstAt === 0) firstAt = Date.now();
    else if (Date.now() - firstAt > sameKeystrokeMs) {
      say('Stopped at once; the next start cleans up.');
      process.exit(130);
    }
    leaving.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
  if (process.env['npm_lifecycle_event']) whenParentIsGone(hear);
  return leaving.signal;
}

// Between npm and us stands a shell that dies of the SIGTERM npm passes on, without passing it on itself.
function whenParentIsGone(react: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    react();
  }, 500).unref();
}

function welcome({ urls, env }: Stack, { today, tookMs }: { today: string; tookMs: number }): string {
  const token = `curl -s ${urls.api}/dev/token -H 'content-type: application/json' -d '{"subject":"admin"}'`;
  return `
Xubao is up (${Math.round(tookMs / 1000)} s). It listens on 127.0.0.1 only.

  API, workbench     ${urls.api}
  API reference      ${urls.docs}
  Temporal Web UI    ${urls.temporalUi}
  Caught e-mails     ${urls.mail}
  Caught SMS         ${urls.sms}
  Business date      ${today} (${env['XUBAO_ZONE'] ?? ''})

A token (subjects: ${roles.join(', ')}):
  ${token}

Ctrl-C stops everything and loses nothing.
`;
}
