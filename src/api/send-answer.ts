import type { Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Answer, Route } from './route.ts';

type Sending = { route: Route; response: Response; onWrongAnswer: ((message: string) => void) | undefined };

export function sendAnswer({ route, response, onWrongAnswer }: Sending, answer: Answer): void {
  const content = answer.text ? undefined : JSON.stringify(answer.body);
  if (onWrongAnswer) checkAnswer(route, answer, onWrongAnswer);
  response.status(answer.status).set(answer.headers ?? {});
  if (!answer.text) response.type('application/json').send(content);
  else if (typeof answer.text.content === 'string') response.type(answer.text.type).send(answer.text.content);
  else void pipeline(answer.text.content, response.type(answer.text.type)).catch(() => response.destroy());
}

function checkAnswer(route: Route, answer: Answer, onWrongAnswer: (message: string) => void): void {
  const place = `${route.method.toUpperCase()} ${route.path} → ${answer.status}`;
  const spec = route.answers[answer.status];
  if (!spec) {
    if (answer.status < 400) onWrongAnswer(`${place}: the status is not described`);
    return;
  }
  if (!spec.schema || answer.text) return;
  const parsed = spec.schema.safeParse(JSON.parse(JSON.stringify(answer.body)));
  if (!parsed.success) onWrongAnswer(`${place}: ${z.prettifyError(parsed.error)}`);
}
