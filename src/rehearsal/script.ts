import { addDays, daysBetween, type Calendar, type Day, type Instant } from '../renewal/calendar.ts';
import { closingListItems, type ContactResult, type SecondRoundOutcome } from '../renewal/contact-result.ts';
import { horizonDays } from '../renewal/eligibility.ts';
import type { LossReason } from '../renewal/loss.ts';
import { renewalIdOf } from '../db/cases/intake-records.ts';
import { draw, drawBetween, drawOne, drawSeveral } from './draw.ts';
import { journeyOf, type Journey } from './journey.ts';
import { termKey, type SeasonTerm } from './season.ts';

type ResultBody = { result: ContactResult } & Record<string, unknown>;

/** What one person, or the core system, does at a business instant; the key is the same in every repetition. */
export type Act = { key: string; at: Instant; renewalId: string; by: string } & (
  | { kind: 'result'; body: ResultBody }
  | { kind: 'second-round'; body: { outcome: SecondRoundOutcome; note: string } }
  | { kind: 'file-check' }
  | { kind: 'core-notice'; notice: Record<string, unknown> }
);

type Deed = Act extends infer One ? (One extends Act ? Omit<One, 'key' | 'at' | 'renewalId' | 'by'> : never) : never;

/** `daysBefore` counts back from T. */
type Move = { name: string; daysBefore: number; by: string | undefined; deed: Deed };

const firstDay = 45;
const lastDay = 2;
const officeHours = { fromMinute: 9 * 60 + 30, toMinute: 17 * 60 + 30 };
const shareOfCheckedFiles = 0.25;
const reasonsToDecline = ['price', 'rival-service', 'rival-gift', 'claims-experience', 'moved-away'] as const;

/** All acts about one term, in the order of their instants, on days of its own between T-45 and T-2. */
export function scriptOf(term: SeasonTerm, { calendar, listedOn }: { calendar: Calendar; listedOn: Day }): Act[] {
  const journey = journeyOf(term, listedOn);
  const renewalId = renewalIdOf(term);
  const moves = [...fileCheck(term, journey), ...movesOf(term, journey, listedOn)];
  return moves
    .flatMap(({ name, daysBefore, by, deed }): Act[] => {
      if (by === undefined) return [];
      const key = `rehearsal.${renewalId}.${name}`;
      const minute = drawBetween(officeHours.fromMinute, officeHours.toMinute, key);
      return [{ key, at: calendar.instantOf(addDays(term.expiresOn, -daysBefore), minute), renewalId, by, ...deed }];
    })
    .toSorted((one, other) => one.at - other.at);
}

function movesOf(term: SeasonTerm, journey: Journey, listedOn: Day): Move[] {
  switch (journey) {
    case 'renewed':
      return renewedMoves(term);
    case 'declined-confirmed':
      return [...declinedMoves(term), secondRoundMove(term, 'declined', 'confirmed-lost')];
    case 'declined-unanswered':
      return declinedMoves(term);
    case 'declined-reopened':
      return [...declinedMoves(term), secondRoundMove(term, 'declined', 'reopened')];
    case 'unreachable-confirmed':
      return [...unreachableMoves(term), secondRoundMove(term, 'unreachable', 'confirmed-lost')];
    case 'unreachable-unanswered':
      return unreachableMoves(term);
    case 'cancelled-while-open':
    case 'cancelled-before-opening':
      return [cancellation(term, listedOn)];
    case 'never-answered':
    case 'cancelled-before-the-list':
    case 'too-short':
      return [];
  }
}

function renewedMoves(term: SeasonTerm): Move[] {
  const days = daysOf(term, 'renewed', { low: lastDay, count: 3 });
  const newPolicyNumber = `${term.policyNumber}-${term.expiresOn.replaceAll('-', '')}`;
  const bodies: ResultBody[] = [
    { result: 'confirmed' },
    { result: 'quoted', channel: 'phone' },
    { result: 'renewed', newPolicyNumber, closing: [...closingListItems] },
  ];
  return resultMoves(term, bodies, days);
}

function declinedMoves(term: SeasonTerm): Move[] {
  const lossReason: LossReason = drawOne(reasonsToDecline, `loss reason ${keyOf(term)}`);
  const rival =
    lossReason === 'moved-away' ? {} : { rival: `Rival ${drawOne(['A', 'B', 'C'], `rival ${keyOf(term)}`)}` };
  const body: ResultBody = { result: 'declined', lossReason, ...rival, channel: 'phone' };
  return resultMoves(term, [body], daysOf(term, 'declined', { low: roundDay, count: 1 }));
}

function unreachableMoves(term: SeasonTerm): Move[] {
  const bodies: ResultBody[] = [
    { result: 'not-reached' },
    { result: 'not-reached' },
    { result: 'not-reached' },
    { result: 'unreachable' },
  ];
  return resultMoves(term, bodies, daysOf(term, 'unreachable', { low: roundDay, count: bodies.length }));
}

// Early enough for a second round of three days and its answer before T-2.
const roundDay = 6;

function daysOf(term: SeasonTerm, what: string, { low, count }: { low: number; count: number }): number[] {
  return drawSeveral({ low, high: firstDay }, count, `${what} days ${keyOf(term)}`);
}

function resultMoves(term: SeasonTerm, bodies: ResultBody[], days: number[]): Move[] {
  return bodies.map((body, index) => ({
    name: `${index + 1}-${body.result}`,
    daysBefore: days[index] ?? lastDay,
    by: term.owners?.agent?.id,
    deed: { kind: 'result', body },
  }));
}

/** The supervisor decides on the day after the result that asked for it. */
function secondRoundMove(term: SeasonTerm, after: 'declined' | 'unreachable', outcome: SecondRoundOutcome): Move {
  const count = after === 'declined' ? 1 : 4;
  const asked = daysOf(term, after, { low: roundDay, count }).at(-1) ?? roundDay;
  const note =
    outcome === 'reopened' ? 'Wants to think it over once more.' : 'Tried once more; the customer stays away.';
  const body = { outcome, note };
  const deed: Deed = { kind: 'second-round', body };
  return { name: `second-round-${outcome}`, daysBefore: asked - 1, by: term.owners?.supervisor?.id, deed };
}

/** A specialist checks the file of some entries in time, so that both escalations out of preparation occur. */
function fileCheck(term: SeasonTerm, journey: Journey): Move[] {
  const opens = term.fate === 'renewed' || term.fate === 'lost';
  if (!opens || draw(`file check ${journey} ${keyOf(term)}`) >= shareOfCheckedFiles) return [];
  const daysBefore = drawBetween(firstDay + 2, horizonDays - 1, `file check day ${keyOf(term)}`);
  return [{ name: 'file-check', daysBefore, by: term.owners?.specialist?.id, deed: { kind: 'file-check' } }];
}

/** The core system reports on the day of the lapse, at the latest before the case of a lapsed term would open. */
function cancellation(term: SeasonTerm, listedOn: Day): Move {
  const { policyNumber, startsOn, expiresOn, lapsedOn = listedOn } = term;
  const dayBeforeOpening = addDays(expiresOn, -horizonDays - 1);
  const opensOn = addDays(expiresOn, -horizonDays);
  const on = lapsedOn > opensOn || lapsedOn < dayBeforeOpening ? lapsedOn : dayBeforeOpening;
  const key = `rehearsal.${renewalIdOf(term)}.cancelled`;
  const notice = { key, policyNumber, startsOn, kind: 'cancelled', on: lapsedOn };
  const daysBefore = daysBetween(on, expiresOn);
  return { name: 'cancelled', daysBefore, by: 'core-system', deed: { kind: 'core-notice', notice } };
}

function keyOf({ policyNumber, startsOn }: SeasonTerm): string {
  return termKey(policyNumber, startsOn);
}
