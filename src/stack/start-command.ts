import { readStackSettings } from '../config/stack-settings.ts';
import { loadExampleBook } from './example-book.ts';
import { reportProgress } from './progress.ts';
import { startStack, type Stack } from './stack.ts';

/** Runs the embedded stack until Ctrl-C or SIGTERM. */
export async function start(): Promise<void> {
  const settings = readStackSettings(process.env);
  const progress = reportProgress(process.stdout);
  const leave = untilToldToLeave(progress.say);
  const startedAt = Date.now();
  progress.say(`Xubao starts on ${settings.dataDir} …`);
  const starting = startStack({ ...settings, progress });
  const first = await Promise.race([starting, leave]);
  const stack = first ?? (await starting);
  try {
    if (first) {
      await stack.once('example-book', () =>
        progress.during('Loading the example book', () => loadBook(stack, progress.say)),
      );
      progress.say(welcome(stack, Date.now() - startedAt));
      await leave;
    }
  } finally {
    progress.say('Stopping …');
    await stack.stop();
    progress.say('Stopped. Everything is kept; the next start goes on from here.');
  }
}

async function loadBook({ urls }: Stack, say: (line: string) => void): Promise<void> {
  const { accepted, rejected } = await loadExampleBook({ apiUrl: urls.api });
  say(`The example book is in: ${accepted} rows accepted, ${rejected} rejected; the cases that are due are open`);
}

// npm passes a terminal's Ctrl-C on although we got it already: what comes within a second is the same keystroke.
const sameKeystrokeMs = 1_000;

function untilToldToLeave(say: (line: string) => void): Promise<undefined> {
  return new Promise((resolve) => {
    let firstAt = 0;
    const hear = (): void => {
      if (firstAt === 0) firstAt = Date.now();
      else if (Date.now() - firstAt > sameKeystrokeMs) {
        say('Stopped at once; the next start cleans up.');
        process.exit(130);
      }
      resolve(undefined);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
  });
}

function welcome({ urls, env }: Stack, tookMs: number): string {
  const token = `curl -s ${urls.api}/dev/token -H 'content-type: application/json' -d '{"subject":"admin"}'`;
  return `
Xubao is up (${Math.round(tookMs / 1000)} s). It listens on 127.0.0.1 only.

  API, workbench     ${urls.api}
  API reference      ${urls.docs}
  Temporal Web UI    ${urls.temporalUi}
  Caught e-mails     ${urls.mail}
  Caught SMS         ${urls.sms}
  Business time      ${env['XUBAO_ZONE'] ?? ''}

A token (subjects: agent, specialist, supervisor, call-centre, channel-manager, general-manager, admin, auditor):
  ${token}

Ctrl-C stops everything and loses nothing.
`;
}
