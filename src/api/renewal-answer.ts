import type { Calendar } from '../renewal/calendar.ts';
import { planCase } from '../renewal/case-plan.ts';
import { creditAmount, type CreditPart } from '../renewal/credit.ts';
import { reasonOfEvent } from '../renewal/next-action.ts';
import { defaultStagePlan } from '../renewal/default-stage-plan.ts';
import type { listRenewals } from '../reporting/renewal-list.ts';
import type { RenewalPage } from '../reporting/renewal-page.ts';
import { answerConcession } from './concession-answer.ts';
import { answerQuote } from './quotes.ts';
import { masked, revealed, type Masking } from './doors/masking.ts';
import { taskAnswer } from './task-answer.ts';

type ListRow = Awaited<ReturnType<typeof listRenewals>>[number];

/** How a case becomes the body of an answer; personal data is masked. */
export function renewalItemAnswer(row: ListRow) {
  const { sortValue: _sortValue, orphanedAt, nextAction: _nextAction, customerName, plate, ...fields } = row;
  return {
    ...fields,
    orphan: orphanedAt !== null,
    customerName: masked.name(customerName),
    plate: masked.plate(plate),
  };
}

export type Links = { publicUrl: string; temporalUi: string; namespace: string };

export type PageParts = { calendar: Calendar; links: Links; reveal: boolean };

/** The whole case; `reveal` shows what is masked otherwise. */
export function renewalAnswer(page: RenewalPage, { calendar, links, reveal }: PageParts) {
  const { renewal } = page;
  const masking = reveal ? revealed : masked;
  return {
    ...caseFields(page),
    stageOpenedAt: renewal.stageOpenedAt,
    stageEndsAt: renewal.stageEndsAt,
    planVersion: renewal.planVersion,
    instants: plannedInstants(page, calendar),
    owner: renewal.ownerId === null ? null : { id: renewal.ownerId, name: page.ownerName ?? renewal.ownerId },
    policy: policyAnswer(page, masking),
    customer: customerAnswer(page, masking),
    revealed: reveal,
    ...progressFields(page),
    tasks: page.tasks.map(taskAnswer),
    results: page.results.map(({ renewalId: _renewalId, sentAt: _sentAt, ...result }) => result),
    messages: messagesAnswer(page),
    quotes: page.quotes.map(answerQuote),
    concessions: page.concessions.map(answerConcession),
    credits: page.credits.map(creditAnswer),
    winBack: page.winBack,
    escalations: page.escalations.map(({ at, event, reason }) => ({
      at,
      to: event.replace(/^escalated:/, ''),
      reason,
    })),
    links: linksTo(renewal.id, links),
  };
}

function creditAnswer({ part, staffId, rate, rule, creditedAt }: RenewalPage['credits'][number]) {
  return {
    part,
    staffId,
    rate: Number(rate),
    amount: creditAmount(part as CreditPart, Number(rate)),
    rule,
    creditedAt,
  };
}

function caseFields({ renewal, policy }: RenewalPage) {
  const { id, stage, outcome, lossReason, branchId, teamId, ownerId, expiresOn, escalated } = renewal;
  const { callCentreSince, nextActionAt, priority, segment, orphanedAt } = renewal;
  const { policyNumber, coverType } = policy;
  const fields = { id, policyNumber, coverType, stage, outcome, lossReason, branchId, teamId, ownerId, expiresOn };
  return { ...fields, escalated, callCentreSince, nextActionAt, priority, segment, orphan: orphanedAt !== null };
}

function policyAnswer({ policy }: RenewalPage, masking: Masking) {
  const { startsOn, expiresOn, premium, claimsCount, claimsAmount, channel, model, cancelledOn } = policy;
  const fields = { startsOn, expiresOn, premium, claimsCount, claimsAmount, channel, model, cancelledOn };
  return { ...fields, plate: masking.plate(policy.plate), vin: masking.vin(policy.vin) };
}

function customerAnswer({ customer }: RenewalPage, masking: Masking) {
  const { language, tier, smsConsent, emailConsent, smsNoticeConsent, emailNoticeConsent } = customer;
  const { smsOptedOutAt, emailOptedOutAt, doNotContactUntil } = customer;
  return {
    name: masking.name(customer.name),
    phone: masking.phone(customer.phone),
    email: masking.email(customer.email),
    language,
    tier,
    smsConsent,
    emailConsent,
    smsNoticeConsent,
    emailNoticeConsent,
    smsOptedOutAt,
    emailOptedOutAt,
    doNotContactUntil,
  };
}

function progressFields({ renewal }: RenewalPage) {
  const { attempts, callBackAt, secondRoundDueAt, secondRoundReason, receivingChannel } = renewal;
  const { newPolicyNumber, renewedEarly, openedAt, closedAt, correctedAt, nextAction, nextActionAt } = renewal;
  const { heldUntil, holdReason, orphanedAt, unownedSeconds } = renewal;
  const running = renewal.outcome === null && secondRoundReason !== null;
  return {
    attempts,
    callBackAt,
    receivingChannel,
    orphanedAt,
    unownedSeconds,
    newPolicyNumber,
    renewedEarly,
    openedAt,
    closedAt,
    correctedAt,
    held: heldUntil === null ? null : { until: heldUntil, reason: holdReason },
    secondRound: running ? { dueAt: secondRoundDueAt, reason: secondRoundReason } : null,
    nextAction:
      nextAction === null ? null : { at: nextActionAt, action: nextAction, reason: reasonOfEvent(nextAction) },
  };
}

function plannedInstants({ renewal, plan }: RenewalPage, calendar: Calendar) {
  const facts = { ...renewal, spreadKey: renewal.id };
  const { stages, touches, bindOpensAt, closesAt } = planCase(facts, plan ?? defaultStagePlan, calendar);
  const date = (instant: number): Date => new Date(instant);
  return {
    stages: stages.map(({ stage, opensAt, endsAt, opensOn, endsOn }) => ({
      stage,
      opensAt: date(opensAt),
      endsAt: date(endsAt),
      opensOn,
      endsOn,
    })),
    touches: touches.map(({ key, stage, channels, dueAt, dueOn }) => ({
      touch: key,
      stage,
      channels,
      dueAt: date(dueAt),
      dueOn,
    })),
    bindOpensAt: date(bindOpensAt),
    closesAt: date(closesAt),
  };
}

function messagesAnswer({ states, touches }: RenewalPage) {
  return { byState: Object.fromEntries(states.map(({ state, messages }) => [state, messages])), items: touches };
}

function linksTo(id: string, { publicUrl, temporalUi, namespace }: Links) {
  const self = `${publicUrl}/v1/renewals/${encodeURIComponent(id)}`;
  const temporal = `${temporalUi}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(id)}`;
  return { self, journal: `${self}/journal`, temporal };
}
