import type { Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { problemStatuses } from './problem-statuses.ts';
import { problemFrom } from './problem.ts';
import type { Answer, Route } from './route.ts';

type Sending = { route: Route; response: Response; onWrongAnswer: ((message: string) => void) | undefined };

export function sendAnswer({ route, response, onWrongAnswer }: Sending, answer: Answer): void {
  const json = answer.json ?? JSON.stringify(answer.body);
  if (onWrongAnswer) checkAnswer(route, { ...answer, json }, onWrongAnswer);
  response.status(answer.status).set(answer.headers ?? {});
  if (!answer.text) response.type('application/json').send(json);
  else if (typeof answer.text.content === 'string') response.type(answer.text.type).send(answer.text.content);
  else void pipeline(answer.text.content, response.type(answer.text.type)).catch(() => response.destroy());
}

/** Passes a problem on; one that the route does not describe is reported first. */
export function refuseUndescribed({ route, onWrongAnswer }: Sending, error: unknown): never {
  const { status } = problemFrom(error).facts;
  if (status !== 500 && !problemStatuses(route).includes(status)) {
    onWrongAnswer?.(`${route.method.toUpperCase()} ${route.path} → ${status}: the status is not described`);
  }
  throw error;
}

function checkAnswer(route: Route, answer: Answer & { json: string }, onWrongAnswer: (message: string) => void): void {
  const place = `${route.method.toUpperCase()} ${route.path} → ${answer.status}`;
  const spec = route.answers[answer.status];
  if (!spec && !problemStatuses(route).includes(answer.status)) onWrongAnswer(`${place}: the status is not described`);
  if (!spec?.schema || answer.text) return;
  const parsed = spec.schema.safeParse(JSON.parse(answer.json));
  if (!parsed.success) onWrongAnswer(`${place}: ${z.prettifyError(parsed.error)}`);
}
