import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import twilio from 'twilio';
import { standInAccount } from '../../src/stack/environment.ts';

type WebhookCall = { form: Record<string, string>; path: string; contentType: string; signed: boolean };

export type Webhook = {
  url: string;
  calls: WebhookCall[];
  /** Statuses to answer next, one a call; after them 200. */
  answer: (...statuses: number[]) => void;
  /** The calls once there are so many. */
  until: (calls: number) => Promise<WebhookCall[]>;
  stop: () => Promise<void>;
};

/** A place that Twilio could call, which keeps what came and whether it was signed with the account's token. */
export async function startWebhook(): Promise<Webhook> {
  const calls: WebhookCall[] = [];
  let statuses: number[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const form = Object.fromEntries(new URLSearchParams(body));
      const path = request.url ?? '';
      const signature = String(request.headers['x-twilio-signature']);
      const signed = twilio.validateRequest(standInAccount.authToken, signature, `${url}${path}`, form);
      calls.push({ form, path, signed, contentType: request.headers['content-type'] ?? '' });
      response.writeHead(statuses.shift() ?? 200, { 'content-type': 'text/xml' }).end('<Response/>');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    calls,
    answer: (...next) => {
      statuses = next;
    },
    until: async (wanted) => {
      while (calls.length < wanted) await new Promise((resolve) => setTimeout(resolve, 5));
      return calls;
    },
    stop: async () => {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
