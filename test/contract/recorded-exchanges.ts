import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One request with its answer, as they went over the wire. */
export type Exchange = {
  method: string;
  path: string;
  query: Record<string, string>;
  contentType: string | undefined;
  form: Record<string, string | string[]>;
  status: number;
  body: unknown;
};

export type Recorder = { url: string; exchanges: Exchange[]; stop: () => Promise<void> };

/** Hands requests on to another server, and keeps them with their answers. */
export async function recordExchanges(target: string): Promise<Recorder> {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    void pass(target, request).then(({ exchange, raw }) => {
      exchanges.push(exchange);
      response.writeHead(exchange.status, { 'content-type': 'application/json' }).end(raw);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    stop: async () => {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

async function pass(target: string, request: IncomingMessage): Promise<{ exchange: Exchange; raw: string }> {
  const { method = 'GET', url = '/', headers } = request;
  const sent = await text(request);
  const { pathname, searchParams } = new URL(url, target);
  const type = headers['content-type'];
  const answer = await fetch(`${target}${url}`, {
    method,
    headers: { authorization: headers.authorization ?? '', ...(type === undefined ? {} : { 'content-type': type }) },
    ...(sent === '' ? {} : { body: sent }),
  });
  const raw = await answer.text();
  const exchange = {
    method,
    path: pathname,
    query: Object.fromEntries(searchParams),
    contentType: type,
    form: formOf(sent),
    status: answer.status,
    body: raw === '' ? undefined : (JSON.parse(raw) as unknown),
  };
  return { exchange, raw };
}

function formOf(sent: string): Exchange['form'] {
  const fields = new URLSearchParams(sent);
  return Object.fromEntries(
    [...new Set(fields.keys())].map((name) => {
      const values = fields.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
