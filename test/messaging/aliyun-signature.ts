import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type Keys = { accessKeyId: string; accessKeySecret: string };

const longestAgeMs = 15 * 60_000;

/** Why Aliyun’s gateway refuses a request, by the documented scheme ACS3-HMAC-SHA256; nothing when it lets it in. */
export function problemOfRequest(
  { request, body, nonces }: { request: IncomingMessage; body: string; nonces: Set<string> },
  keys: Keys,
): string | undefined {
  const header = (name: string): string => String(request.headers[name] ?? '');
  const said = /^ACS3-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(
    header('authorization'),
  );
  const [, keyId = '', signedHeaders = '', signature = ''] = said ?? [];
  if (!said) return 'IncompleteSignature';
  if (keyId !== keys.accessKeyId) return 'InvalidAccessKeyId.NotFound';
  if (Math.abs(Date.now() - Date.parse(header('x-acs-date'))) > longestAgeMs) return 'InvalidTimeStamp.Expired';
  if (nonces.has(header('x-acs-signature-nonce'))) return 'SignatureNonceUsed';
  nonces.add(header('x-acs-signature-nonce'));
  const hash = header('x-acs-content-sha256');
  if (hash !== sha256(body)) return 'InvalidContentHash';
  const names = signedHeaders.split(';');
  if (!['host', 'x-acs-action', 'x-acs-date', 'x-acs-version'].every((name) => names.includes(name))) {
    return 'IncompleteSignature';
  }
  const canonical = [
    request.method,
    '/',
    canonicalQuery(new URL(request.url ?? '/', 'http://stand-in').searchParams),
    names.map((name) => `${name}:${header(name).trim()}\n`).join(''),
    signedHeaders,
    hash,
  ].join('\n');
  const expected = createHmac('sha256', keys.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? undefined : 'SignatureDoesNotMatch';
}

function canonicalQuery(query: URLSearchParams): string {
  const pairs = [...query].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
}

/** RFC 3986, stricter than encodeURIComponent. */
function encode(value: string): string {
  const percent = (one: string): string => `%${one.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(value).replaceAll(/[!'()*]/g, percent);
}

function sha256(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
