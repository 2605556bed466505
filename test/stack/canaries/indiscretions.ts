import twilio from 'twilio';
import { standInAccount } from '../../../src/stack/environment.ts';
import type { Holder } from './canary-book.ts';

export type Caller = {
  url: string;
  as: (subject: string) => Promise<Record<string, string>>;
  /** What was answered, by status. */
  answered: Record<string, number>;
};

/** A word that is in nothing else, noted for the search. */
export type Plant = (about: string) => string;

export async function callerOf(url: string, tokens: string[]): Promise<Caller> {
  const known = new Map<string, string>();
  return {
    url,
    answered: {},
    as: async (subject) => {
      if (!known.has(subject)) {
        const { accessToken } = (await (await send(`${url}/dev/token`, { subject })).json()) as { accessToken: string };
        known.set(subject, accessToken);
        tokens.push(accessToken.split('.')[2] ?? '');
      }
      return { authorization: `Bearer ${known.get(subject)}` };
    },
  };
}

function send(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const type = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
  return fetch(url, { method: 'POST', headers: { ...type, ...headers }, body: JSON.stringify(body) });
}

async function count(caller: Caller, response: Response): Promise<void> {
  caller.answered[response.status] = (caller.answered[response.status] ?? 0) + 1;
  await response.arrayBuffer();
}

async function post(caller: Caller, subject: string, { path, body }: { path: string; body: unknown }): Promise<void> {
  await count(caller, await send(`${caller.url}${path}`, body, await caller.as(subject)));
}

const resultsOf = ({ renewalId }: Holder): string => `/v1/renewals/${renewalId}/results`;

/** What people write about customers where they may: results, quotes, holds, concessions. */
export async function writeAboutCustomers(caller: Caller, holders: readonly Holder[], plant: Plant): Promise<void> {
  for (const holder of holders) {
    const { turn, agentId, renewalId, name, phone } = holder;
    const about = (what: string): string => `${plant(what)} ${name} ${phone}`;
    const by = (path: string, body: unknown, subject = agentId) => post(caller, subject, { path, body });
    const said = {
      note: about('note'),
      channel: 'phone',
      evidence: { kind: 'recording', reference: plant('evidence') },
    };
    await by(resultsOf(holder), { result: turn % 3 === 0 ? 'considering' : 'quoted', ...said });
    if (turn % 5 === 0) await by(`/v1/renewals/${renewalId}/quotes`, { premium: '4100.00', note: about('quote') });
    if (turn % 5 === 1) await by(`/v1/renewals/${renewalId}/concessions`, { percent: 3, reason: about('concession') });
    if (turn % 5 === 2) {
      const until = '2027-03-16T12:00:00+08:00';
      await by(`/v1/renewals/${renewalId}/hold`, { until, reason: about('hold') }, 'admin');
    }
    if (turn % 5 === 3) {
      const lost = { lossReason: 'price', rival: plant('rival'), rivalPremium: '3900.00' };
      await by(resultsOf(holder), { result: 'declined', ...lost, note: about('declined') });
    }
    if (turn % 5 === 4) await by(resultsOf(holder), { result: 'refused-contact', note: about('refused') });
  }
}

/** Requests that are refused, with something personal in each of their parts. */
export async function askWrongly(caller: Caller, holders: readonly Holder[], plant: Plant): Promise<void> {
  for (const holder of holders) {
    const { agentId, plate, phone, email, name } = holder;
    const word = encodeURIComponent(plant('path'));
    const get = async (path: string, headers = {}): Promise<void> => {
      await count(
        caller,
        await fetch(`${caller.url}${path}`, { headers: { ...(await caller.as('admin')), ...headers } }),
      );
    };
    await post(caller, agentId, { path: resultsOf(holder), body: { result: plant('value'), [plant('field')]: name } });
    await post(caller, agentId, { path: resultsOf(holder), body: `${phone} ${plant('text')}` });
    await post(caller, agentId, { path: `/v1/renewals/${word}/results`, body: { result: 'quoted', note: phone } });
    await get(`/v1/renewals/${encodeURIComponent(plate)}?plate=${encodeURIComponent(plate)}&${word}=${email}`);
    await get(`/v1/staff/${encodeURIComponent(name)}/${word}`, {
      'x-forwarded-for': phone,
      referer: `https://${word}.example`,
    });
    await get(`/v1/messages?cursor=${word}&reason=${phone}`, { 'user-agent': plant('agent'), cookie: plant('cookie') });
    await get(`/${word}/${encodeURIComponent(plate)}`);
    await get('/v1/me', { authorization: `Bearer ${plant('token')}` });
    await count(caller, await fetch(`${caller.url}/u/${word}`, { method: 'POST' }));
    await count(caller, await fetch(`${caller.url}/v1/tasks`, { method: 'POST', body: `{"${plant('broken')}": ` }));
  }
}

/** What a customer writes by SMS, signed as the provider signs it. */
export async function writeBySms(caller: Caller, holders: readonly Holder[], plant: Plant): Promise<void> {
  const path = '/v1/webhooks/twilio/inbound';
  for (const { turn, phone } of holders) {
    const MessageSid = `SM${String(turn).padStart(32, 'f')}`;
    const form = { MessageSid, From: `+86${phone}`, To: '+15005550006', Body: `别再发了 ${plant('reply')}` };
    const signature = twilio.getExpectedTwilioSignature(standInAccount.authToken, `${caller.url}${path}`, form);
    const headers = { 'x-twilio-signature': turn % 3 === 0 ? plant('signature') : signature };
    await count(
      caller,
      await fetch(`${caller.url}${path}`, { method: 'POST', headers, body: new URLSearchParams(form) }),
    );
  }
}
