import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { twilioProblem } from './twilio-format.ts';

const modes = [
  'normal',
  'hold',
  '500',
  '500-after-accept',
  '429',
  'reset-before-accept',
  'reset-after-accept',
] as const;

const behaviourSchema = z.strictObject({
  mode: z.enum(modes),
  /** After so many requests the stand-in is normal again. */
  times: z.int().positive().optional(),
  /** How long an answer is held; without it until the behaviour changes. */
  holdMs: z.int().positive().optional(),
  retryAfterSeconds: z.int().positive().default(1),
});

export type Behaviour = z.input<typeof behaviourSchema>;

export type Misbehaving = {
  set: (behaviour: Behaviour) => void;
  describe: () => { mode: string; hits: Record<string, number> };
  /** True when it has answered, or will not answer, in place of the provider. */
  beforeAccepting: (request: Request, response: Response) => boolean;
  /** True when the accepted message must stay without its proper answer. */
  afterAccepting: (request: Request, response: Response) => Promise<boolean>;
};

/** Lets tests open the windows in which real providers go wrong, and counts how often each was hit. */
export function misbehave(): Misbehaving {
  let behaviour = behaviourSchema.parse({ mode: 'normal' });
  let change = new AbortController();
  const hits: Record<string, number> = {};
  const set = (next: Behaviour): void => {
    behaviour = behaviourSchema.parse(next);
    change.abort();
    change = new AbortController();
  };
  const hit = (): void => {
    hits[behaviour.mode] = (hits[behaviour.mode] ?? 0) + 1;
    if (behaviour.times !== undefined) behaviour.times -= 1;
    if (behaviour.times === 0) behaviour = behaviourSchema.parse({ mode: 'normal' });
  };
  return {
    set,
    describe: () => ({ mode: behaviour.mode, hits }),
    beforeAccepting: (request, response) => {
      const { mode, retryAfterSeconds } = behaviour;
      if (mode === '500') response.status(500).json(twilioProblem(500, 20500, 'Internal Server Error'));
      else if (mode === '429') {
        response
          .status(429)
          .set('Retry-After', String(retryAfterSeconds))
          .json(twilioProblem(429, 20429, 'Too Many Requests'));
      } else if (mode === 'reset-before-accept') request.socket.resetAndDestroy();
      else return false;
      hit();
      return true;
    },
    afterAccepting: async (request, response) => {
      const { mode, holdMs } = behaviour;
      if (mode === 'hold') {
        hit();
        await sleep(holdMs ?? 3_600_000, undefined, { signal: change.signal, ref: false }).catch(() => {});
        return false;
      }
      if (mode === '500-after-accept') response.status(500).json(twilioProblem(500, 20500, 'Internal Server Error'));
      else if (mode === 'reset-after-accept') request.socket.resetAndDestroy();
      else return false;
      hit();
      return true;
    },
  };
}

export function behaviourRoute(misbehaving: Misbehaving): RequestHandler {
  return (request, response) => {
    const asked = behaviourSchema.safeParse(request.body);
    if (!asked.success) return void response.status(422).json({ error: z.prettifyError(asked.error) });
    misbehaving.set(asked.data);
    response.json(misbehaving.describe());
  };
}
