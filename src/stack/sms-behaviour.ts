import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { present } from '../config/config.ts';
import { deliverySchema, type Delivery } from './sms-stand-in-delivery.ts';
import { callbackFaults } from './sms-stand-in-callbacks.ts';
import { optedOutProblem, twilioProblem } from './twilio-format.ts';

const modes = [
  'normal',
  'slow',
  'hold',
  '429',
  '500',
  '503',
  '21610',
  'reset-before-accept',
  '500-after-accept',
  '503-after-accept',
  'reset-after-accept',
] as const;

const behaviourSchema = z.strictObject({
  /** One phone only; its behaviour goes before the one for all. */
  to: z.string().optional(),
  mode: z.enum(modes).default('normal'),
  /** After so many requests that met it the stand-in is normal again. */
  times: z.int().positive().optional(),
  /** How long an answer is held; without it until the behaviour changes. A slow provider takes the message after it. */
  holdMs: z.int().positive().optional(),
  retryAfterSeconds: z.int().positive().default(1),
  delivery: deliverySchema.optional(),
  callbacks: z.array(z.enum(callbackFaults)).default([]),
  /** By how much late callbacks are late. */
  lateMs: z.int().positive().default(2_000),
  /** How long a new message is missing in the list. */
  listLagMs: z.int().nonnegative().default(0),
});

export type Behaviour = z.input<typeof behaviourSchema>;
type Rule = z.output<typeof behaviourSchema> & { replaced: AbortSignal };
/** What one request meets. */
export type Met = Readonly<Rule>;

const never = new AbortController().signal;

export type Misbehaving = ReturnType<typeof misbehave>;

/** Lets tests open the windows in which real providers go wrong, and counts how often each was hit. */
export function misbehave(defaults: { delivery?: Delivery } = {}) {
  const rules = new Map<string | undefined, Rule>();
  /** Outlives its rule: an answer that is held by the last of its times is held until the next behaviour. */
  const replaced = new Map<string | undefined, AbortController>();
  const hits: Record<string, number> = {};
  const drop = (to: string | undefined): void => {
    replaced.get(to)?.abort();
    replaced.delete(to);
    rules.delete(to);
  };
  const ruleOf = (asked: Behaviour): Rule => {
    const parsed = behaviourSchema.parse(asked);
    return {
      ...parsed,
      ...present({ delivery: parsed.delivery ?? defaults.delivery }),
      replaced: replaced.get(parsed.to)?.signal ?? never,
    };
  };
  return {
    set: (asked: Behaviour | Behaviour[]): void => {
      for (const one of [asked].flat()) {
        drop(one.to);
        replaced.set(one.to, new AbortController());
        rules.set(one.to, ruleOf(one));
      }
    },
    /** Everything is as it should be again, for every phone. */
    reset: (): void => [...replaced.keys()].forEach(drop),
    describe: () => ({ mode: rules.get(undefined)?.mode ?? 'normal', hits }),
    /** The behaviour that a request for this phone meets, which counts as one of its times. */
    meet: (to: string): Met => {
      const rule = rules.get(to) ?? rules.get(undefined);
      if (!rule) return ruleOf({});
      if (rule.times !== undefined) rule.times -= 1;
      if (rule.times === 0) rules.delete(rule.to);
      return rule;
    },
    hit: ({ mode }: Met): void => {
      hits[mode] = (hits[mode] ?? 0) + 1;
    },
  };
}

/** True when the provider has answered, or will not answer, without taking the message. */
export async function failsBeforeAccepting(met: Met, request: Request, response: Response): Promise<boolean> {
  const { mode, retryAfterSeconds } = met;
  if (mode === 'slow') await pause(met);
  else if (mode === '500' || mode === '503') answerFailure(response, Number(mode));
  else if (mode === '21610') response.status(400).json(optedOutProblem());
  else if (mode === 'reset-before-accept') request.socket.resetAndDestroy();
  else if (mode === '429') {
    response.status(429).set('Retry-After', String(retryAfterSeconds));
    response.json(twilioProblem(429, 20429, 'Too Many Requests'));
  } else return false;
  return mode !== 'slow';
}

/** True when the message that was taken must stay without its proper answer. */
export async function failsAfterAccepting(met: Met, request: Request, response: Response): Promise<boolean> {
  const { mode } = met;
  if (mode === 'hold') await pause(met);
  else if (mode === 'reset-after-accept') request.socket.resetAndDestroy();
  else if (mode === '500-after-accept' || mode === '503-after-accept')
    answerFailure(response, Number(mode.slice(0, 3)));
  else return false;
  return mode !== 'hold';
}

function answerFailure(response: Response, status: number): void {
  const words = status === 500 ? 'Internal Server Error' : 'Service Unavailable';
  response.status(status).json(twilioProblem(status, 20000 + status, words));
}

async function pause({ holdMs, replaced }: Met): Promise<void> {
  await sleep(holdMs ?? 3_600_000, undefined, { signal: replaced, ref: false }).catch(() => {});
}

export function behaviourRoute(misbehaving: Misbehaving): RequestHandler {
  const schema = z.array(behaviourSchema).max(100_000);
  return (request, response) => {
    const asked = schema.safeParse([request.body].flat());
    if (!asked.success) return void response.status(422).json({ error: z.prettifyError(asked.error) });
    misbehaving.set(asked.data);
    response.json(misbehaving.describe());
  };
}
