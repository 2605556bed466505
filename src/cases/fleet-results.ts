import { fleetCases, recordedCases } from '../db/cases/fleet-records.ts';
import type { CaseDeps } from './connect.ts';
import { deriveId } from './derived-id.ts';
import { recordResult, type RecordedResult, type ResultAnswer } from './record-result.ts';

export type FleetAnswer = { renewalId: string; answer: ResultAnswer };

const atOnce = 5;

/** Records one result in each of these cases of a fleet; the request again finds what it recorded before. */
export async function recordFleetResult(
  deps: CaseDeps,
  renewalIds: readonly string[],
  { id: requestId, ...recorded }: Omit<RecordedResult, 'renewalId'>,
): Promise<FleetAnswer[]> {
  const answers: FleetAnswer[] = [];
  for (let from = 0; from < renewalIds.length; from += atOnce) {
    const some = renewalIds.slice(from, from + atOnce).map(async (renewalId) => {
      const result = { ...recorded, renewalId, id: deriveId(requestId, renewalId) };
      return { renewalId, answer: await recordResult(deps, result) };
    });
    answers.push(...(await Promise.all(some)));
  }
  return answers;
}

/** The cases of a fleet that a request reached before it broke off. */
export async function reachedCases(
  { db }: Pick<CaseDeps, 'db'>,
  fleetId: string,
  requestId: string,
): Promise<string[]> {
  const ids = await fleetCases(db, fleetId);
  return recordedCases(
    db,
    ids.map((renewalId) => deriveId(requestId, renewalId)),
  );
}
