import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { problemOfRequest, type Keys } from './aliyun-signature.ts';

type AliyunMessage = {
  outId: string;
  bizId: string;
  phone: string;
  signName: string;
  templateCode: string;
  params: Record<string, string>;
  sendDate: string;
  /** 1 on its way, 2 failed, 3 delivered. */
  sendStatus: number;
  errCode: string;
  atMs: number;
};

/** How the next requests for a message are met; each is used once, then all is well again. */
type AliyunFault =
  | { kind: 'code'; status?: number; code: string }
  | { kind: 'reset-before-accept' }
  | { kind: 'reset-after-accept' }
  | { kind: '5xx-after-accept' };

export type AliyunStandIn = {
  url: string;
  taken: AliyunMessage[];
  requests: () => number;
  refusedSignatures: () => string[];
  next: (...faults: AliyunFault[]) => void;
  /** What a phone wrote, pushed to an address as documented for SmsUp. */
  pushReply: (address: string, reply: { phone: string; content: string; sequenceId: string }) => Promise<Response>;
  stop: () => Promise<void>;
};

const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' });

/** Speaks SendSms and QuerySendDetails of Aliyun's API of 2017-05-25 as documented, signatures included. */
export async function startAliyunStandIn(keys: Keys): Promise<AliyunStandIn> {
  const taken: AliyunMessage[] = [];
  const faults: AliyunFault[] = [];
  const refused: string[] = [];
  const nonces = new Set<string>();
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    void answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const problem = problemOfRequest({ request, body: await text(request), nonces }, keys);
    if (problem !== undefined) {
      refused.push(problem);
      return reply(response, problem === 'InvalidAccessKeyId.NotFound' ? 404 : 400, { Code: problem });
    }
    const query = new URL(request.url ?? '/', 'http://stand-in').searchParams;
    const action = request.headers['x-acs-action'];
    if (action === 'SendSms') return sendSms(query, response);
    if (action === 'QuerySendDetails') return reply(response, 200, detailsOf(taken, query));
    reply(response, 404, { Code: 'InvalidAction.NotFound' });
  }

  function sendSms(query: URLSearchParams, response: ServerResponse): void {
    const fault = faults.shift();
    if (fault?.kind === 'code') return reply(response, fault.status ?? 200, { Code: fault.code });
    if (fault?.kind === 'reset-before-accept') return void response.socket?.resetAndDestroy();
    const code = problemOfMessage(query);
    if (code !== undefined) return reply(response, 200, { Code: code });
    const message = messageOf(query);
    taken.push(message);
    if (fault?.kind === 'reset-after-accept') return void response.socket?.resetAndDestroy();
    if (fault?.kind === '5xx-after-accept') return reply(response, 500, { Code: 'InternalError' });
    reply(response, 200, { Code: 'OK', BizId: message.bizId });
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    requests: () => requests,
    refusedSignatures: () => refused,
    next: (...next) => void faults.push(...next),
    pushReply: (address, written) => push(address, [replyAsWritten(written)]),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function push(address: string, lines: object[]): Promise<Response> {
  const headers = { 'content-type': 'application/json;charset=utf-8' };
  return fetch(address, { method: 'POST', headers, body: JSON.stringify(lines) });
}

function replyAsWritten({
  phone,
  content,
  sequenceId,
}: {
  phone: string;
  content: string;
  sequenceId: string;
}): object {
  const of = { phone_number: phone, content, sequence_id: sequenceId };
  return { ...of, send_time: '2027-03-16 10:00:00', sign_name: '续保', dest_code: '4545' };
}

function problemOfMessage(query: URLSearchParams): string | undefined {
  if (!/^(1\d{10}|[2-9]\d{6,14})$/.test(query.get('PhoneNumbers') ?? '')) return 'isv.MOBILE_NUMBER_ILLEGAL';
  if (!query.get('SignName')) return 'isv.SMS_SIGNATURE_ILLEGAL';
  if (!/^SMS_\d+$/.test(query.get('TemplateCode') ?? '')) return 'isv.SMS_TEMPLATE_ILLEGAL';
  return undefined;
}

function messageOf(query: URLSearchParams): AliyunMessage {
  const atMs = Date.now();
  return {
    outId: query.get('OutId') ?? '',
    bizId: `${atMs}${Math.floor(Math.random() * 1e6)}^0`,
    phone: query.get('PhoneNumbers') ?? '',
    signName: query.get('SignName') ?? '',
    templateCode: query.get('TemplateCode') ?? '',
    params: JSON.parse(query.get('TemplateParam') ?? '{}') as Record<string, string>,
    sendDate: today.format(atMs).replaceAll('-', ''),
    sendStatus: 1,
    errCode: '',
    atMs,
  };
}

function detailsOf(taken: AliyunMessage[], query: URLSearchParams): object {
  const size = Number(query.get('PageSize'));
  const page = Number(query.get('CurrentPage'));
  const bizId = query.get('BizId');
  const all = taken.filter(
    (one) =>
      one.phone === query.get('PhoneNumber') &&
      one.sendDate === query.get('SendDate') &&
      (bizId === null || one.bizId === bizId),
  );
  const shown = all.slice((page - 1) * size, page * size).map((one) => ({
    PhoneNum: one.phone,
    OutId: one.outId,
    SendStatus: one.sendStatus,
    ErrCode: one.errCode,
    TemplateCode: one.templateCode,
  }));
  return { Code: 'OK', TotalCount: all.length, SmsSendDetailDTOs: { SmsSendDetailDTO: shown } };
}

function reply(response: ServerResponse, status: number, body: object): void {
  const whole = { RequestId: 'A90E4451-FED7-49D2-87C8-00700A8C4D0D', Message: 'as the number 138… says', ...body };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(whole));
}
