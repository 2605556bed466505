import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { portVariableOf, type StackPorts } from '../config/stack-settings.ts';

const whoListens: Record<keyof StackPorts, string> = {
  api: 'the API',
  temporal: 'Temporal',
  temporalUi: 'the Temporal Web UI',
  postgres: 'PostgreSQL',
  smtp: 'the mail catcher (SMTP)',
  mail: "the mail catcher's page",
  sms: 'the SMS stand-in',
};

/** Below those that systems give to outgoing connections: one of these could take a port between its choice and its use. */
const freePorts = { from: 20_000, to: 32_768 };
const tries = 100;

/** Replaces every port of 0 by a free one; fails with all taken ports by name, variable and what to do. */
export async function choosePorts(wanted: StackPorts): Promise<StackPorts> {
  const chosen = { ...wanted };
  const taken: string[] = [];
  for (const [name, port] of Object.entries(wanted) as [keyof StackPorts, number][]) {
    const found = port === 0 ? await freePort(Object.values(chosen)) : await tryPort(port);
    if (found === undefined) taken.push(await describeTaken(name, port));
    else chosen[name] = found;
  }
  if (taken.length > 0) throw new Error(`${taken.join('\n')}\nStop what listens there, or choose other ports.`);
  return chosen;
}

/**
 * A port on which nobody listens, and that is none of `others`.
 *
 * @internal exported for the tests
 */
export async function freePort(others: readonly number[] = []): Promise<number> {
  for (let turn = 0; turn < tries; turn += 1) {
    const port = randomInt(freePorts.from, freePorts.to);
    if (!others.includes(port) && (await tryPort(port)) !== undefined) return port;
  }
  throw new Error(`none of ${tries} ports from ${freePorts.from} on was free`);
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)));
  });
}

async function describeTaken(name: keyof StackPorts, port: number): Promise<string> {
  const sentence = `Port ${port} for ${whoListens[name]} is taken (variable ${portVariableOf[name]}).`;
  return name === 'api' && (await looksLikeXubao(port)) ? `${sentence} Another Xubao answers there.` : sentence;
}

async function looksLikeXubao(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/version`, { signal: AbortSignal.timeout(1_000) });
    return (await answer.text()).includes('xubao');
  } catch {
    return false;
  }
}
