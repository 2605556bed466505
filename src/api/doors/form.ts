import express, { type Request, type Response } from 'express';
import { promisify } from 'node:util';
import { Problem } from './problem.ts';

/** The fields of a form; a name that came several times has all its values. */
export type Form = Record<string, string | string[]>;

const parseForm = express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 200 });

/** Reads a form-encoded body, as providers send it. Nothing is checked: a signature holds over all of it as it came. */
export async function readForm(request: Request): Promise<Form> {
  if (!request.is('application/x-www-form-urlencoded')) {
    throw new Problem({
      status: 415,
      code: 'media-type',
      detail: 'The body must be a form (application/x-www-form-urlencoded).',
    });
  }
  await promisify(parseForm)(request, request.res as Response);
  return { ...(request.body as Form) };
}
