import { heartbeat } from '@temporalio/activity';

const beatEveryMs = 5_000;

type Activities = Record<string, (input: never) => Promise<unknown>>;

/** The same activities, which let Temporal know that they live: it then waits seconds, not minutes, for one whose worker died. */
export function beating<Own extends Activities>(activities: Own): Own {
  const wrapped = Object.entries(activities).map(([name, run]) => [
    name,
    (input: never) => whileBeating(() => run(input)),
  ]);
  return Object.fromEntries(wrapped) as Own;
}

async function whileBeating<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  const beats = setInterval(heartbeat, beatEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(beats);
  }
}
