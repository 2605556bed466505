import type { TemporalConnection } from '../cases/connect.ts';
import type { Counts } from './situation.ts';

/** Workflows of cases by their status in Temporal, as its visibility store counts them. */
export async function countWorkflows({ client }: TemporalConnection): Promise<Counts> {
  const { groups } = await client.workflow.count("WorkflowType = 'renewal' GROUP BY ExecutionStatus");
  return Object.fromEntries(groups.map(({ groupValues, count }) => [String(groupValues[0]), count]));
}

/** What the SMS stand-in and the mail catcher took. */
export async function countTaken({
  smsUrl,
  mailUrl,
}: {
  smsUrl: string;
  mailUrl: string;
}): Promise<{ sms: number; email: number }> {
  const [sms, email] = await Promise.all([listOf(smsUrl), listOf(`${mailUrl}/api/email`)]);
  return { sms: sms.length, email: email.length };
}

async function listOf(url: string): Promise<unknown[]> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return (await answer.json()) as unknown[];
}
