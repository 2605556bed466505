import type { Question } from './forecast.ts';

/** The options of `npx xubao forecast` as the command line has them. */
export type RawForecastOptions = { plan?: string; days: string; branch?: string; json?: string; csv?: string };

export type ForecastOptions = Question & { json?: string; csv?: string };

const mostDays = 366;

/** Throws an Error that names the option and what it takes. */
export function readForecastOptions({ plan, days, branch, json, csv }: RawForecastOptions): ForecastOptions {
  return {
    days: readWhole(days, { name: '--days', from: 1, to: mostDays }),
    ...(plan === undefined ? {} : { plan: readWhole(plan, { name: '--plan', from: 1, to: 2_147_483_647 }) }),
    ...(branch === undefined ? {} : { branchId: branch }),
    ...(json === undefined ? {} : { json }),
    ...(csv === undefined ? {} : { csv }),
  };
}

function readWhole(written: string, { name, from, to }: { name: string; from: number; to: number }): number {
  const whole = Number(written);
  if (/^\d+$/.test(written) && whole >= from && whole <= to) return whole;
  throw new Error(`${name} ${written} is no whole number from ${from} to ${to}.`);
}
