import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { notFound } from './problem.ts';

/** The last part of an address that only its caller knows. */
export const secretParams = z.strictObject({ secret: z.string().max(200) });

/** For a caller that signs nothing: throws `not-found` unless the address ends with the secret; without one there is no such address. */
export function checkSecret(said: string, secret: string | undefined): void {
  if (secret === undefined || !isSame(said, secret)) throw notFound('address');
}

function isSame(said: string, secret: string): boolean {
  const [one, other] = [said, secret].map((value) => createHash('sha256').update(value).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}
