import { describeAnswer, type Api, type ApiAnswer } from './api.ts';
import type { Act } from './script.ts';

/** `late`: the case had closed before. `not-yet`: what the act needs is not there so far. */
export type Performed =
  { kind: 'done' } | { kind: 'not-yet' } | { kind: 'late'; detail: string } | { kind: 'failed'; detail: string };

/** One act through the API, as the person whose act it is. */
export async function performAct(api: Api, act: Act): Promise<Performed> {
  const { by, key } = act;
  const ofCase = `/v1/renewals/${encodeURIComponent(act.renewalId)}`;
  switch (act.kind) {
    case 'result':
      return judge(await api.ask({ by, key, path: `${ofCase}/results`, body: act.body }));
    case 'second-round':
      return judge(await api.ask({ by, key, path: `${ofCase}/second-round`, body: act.body }));
    case 'core-notice':
      return judgeNotice(await api.ask({ by, path: '/v1/webhooks/core/policies', body: act.notice }));
    case 'file-check':
      return checkFile(api, act);
  }
}

async function checkFile(api: Api, { by, key, renewalId }: Act): Promise<Performed> {
  const query = new URLSearchParams({ state: 'open', kind: 'file-check', renewalId });
  const listed = await api.ask({ by, method: 'GET', path: `/v1/tasks?${query.toString()}` });
  if (listed.status !== 200) return judge(listed);
  const [task] = (listed.body as { items: { id: string; assigneeId: string | null }[] }).items;
  if (!task) return { kind: 'not-yet' };
  // Whoever covers for the specialist has it.
  return judge(await api.ask({ by: task.assigneeId ?? by, key, path: `/v1/tasks/${task.id}/complete`, body: {} }));
}

function judge(answer: ApiAnswer): Performed {
  if (answer.status < 300) return { kind: 'done' };
  const { code } = (answer.body ?? {}) as { code?: string };
  const detail = describeAnswer(answer);
  return code === 'case-closed' || code === 'task-dropped' ? { kind: 'late', detail } : { kind: 'failed', detail };
}

function judgeNotice(answer: ApiAnswer): Performed {
  const { unknown } = (answer.body ?? {}) as { unknown?: string[] };
  if (answer.status >= 300) return { kind: 'failed', detail: describeAnswer(answer) };
  return unknown?.length === 0 ? { kind: 'done' } : { kind: 'failed', detail: 'the core system named an unknown term' };
}
