import { z } from 'zod';
import { scriptSteps } from '../../renewal/call-script.ts';
import {
  asksForCallBack,
  closingListItems,
  contactResults,
  evidenceKinds,
  missingClosingItems,
  secondRoundOutcomes,
  type ContactResult,
} from '../../renewal/contact-result.ts';
import { lossReasons } from '../../renewal/loss.ts';
import { code, instant, money, note, policyNumber, text } from './basics.ts';
import { problemOfReason } from './explained-reason.ts';
import { inShapes, type Shape } from './shapes.ts';

const proof = text(1_000);

const evidence = z.union([
  proof,
  z.strictObject({
    kind: z.enum(evidenceKinds),
    reference: text(500).meta({ description: 'Where it lies, e.g. the number of a recording' }),
    note: proof.optional(),
  }),
]);

const resultFields = z.strictObject({
  result: z.enum(contactResults),
  note: note.optional(),
  callBackAt: instant.optional().meta({ description: 'With promised and considering; default the same time next day' }),
  newPolicyNumber: policyNumber.optional(),
  lossReason: z.enum(lossReasons).optional(),
  rival: text(200).optional(),
  rivalPremium: money.optional(),
  channel: code.optional().meta({ description: 'How the customer was reached', example: 'phone' }),
  evidence: evidence.optional().meta({ description: 'What proves the contact, or that the policy cannot be renewed' }),
  occurredAt: instant
    .optional()
    .meta({ description: 'When the contact took place, if it was not just now', example: '2026-11-20T16:00:00+08:00' }),
  script: z
    .array(z.enum(scriptSteps))
    .max(20)
    .optional()
    .meta({ description: "The steps of the call centre's script that were read out" }),
  closing: z
    .array(z.enum(closingListItems))
    .max(closingListItems.length)
    .optional()
    .meta({ description: 'The ticked closing list, with renewed' }),
});

type ResultBody = z.output<typeof resultFields>;

type EvidenceFields = { evidence?: string; evidenceKind?: string; evidenceReference?: string };

/** Evidence as it is kept: its text, and its kind and reference where they were said. */
function evidenceFields(said: ResultBody['evidence']): EvidenceFields {
  if (said === undefined) return {};
  if (typeof said === 'string') return { evidence: said };
  const { kind: evidenceKind, reference: evidenceReference, note: written } = said;
  return { evidenceKind, evidenceReference, ...(written === undefined ? {} : { evidence: written }) };
}

type Broken = { path: keyof ResultBody; message: string };

function missingFields(body: ResultBody): Broken[] {
  switch (body.result) {
    case 'renewed':
      return [...renewedWithoutNumber(body), ...untickedClosing(body)];
    case 'declined':
      return declinedWithoutReason(body);
    case 'not-renewable':
      return [...unproved(body), ...renewableReason(body), ...vagueOther(body)];
    case 'confirmed':
    case 'quoted':
    case 'promised':
    case 'considering':
    case 'not-reached':
    case 'wrong-number':
    case 'unreachable':
    case 'refused-contact':
      return [];
  }
}

function unproved({ evidence: said }: ResultBody): Broken[] {
  return said === undefined ? [{ path: 'evidence', message: 'not-renewable needs its proof' }] : [];
}

function renewedWithoutNumber({ newPolicyNumber }: ResultBody): Broken[] {
  return newPolicyNumber === undefined
    ? [{ path: 'newPolicyNumber', message: 'renewed needs the new policy number' }]
    : [];
}

function untickedClosing({ closing }: ResultBody): Broken[] {
  const missing = missingClosingItems(closing ?? []);
  return missing.length === 0 ? [] : [{ path: 'closing', message: `Still to be ticked: ${missing.join(', ')}` }];
}

/** Reasons that follow from another result, not from what a customer says when declining. */
const notFromDeclining: readonly string[] = ['no-result', 'refused-contact', 'unreachable'];

function declinedWithoutReason(body: ResultBody): Broken[] {
  const { lossReason } = body;
  if (lossReason === undefined) return [{ path: 'lossReason', message: 'declined needs a loss reason' }];
  if (notFromDeclining.includes(lossReason)) {
    return [{ path: 'lossReason', message: `${lossReason} is no answer of a customer who declines` }];
  }
  return vagueOther(body);
}

function vagueOther({ lossReason, note: written }: ResultBody): Broken[] {
  const message = lossReason === 'other' ? problemOfReason(written) : undefined;
  return message === undefined ? [] : [{ path: 'note', message }];
}

/** A vehicle that is gone, or a term that was cancelled, which its note explains (business.md, Contact results). */
const ofNotRenewable: readonly string[] = ['sold-or-scrapped', 'other'];

function renewableReason({ lossReason }: ResultBody): Broken[] {
  if (lossReason === undefined || ofNotRenewable.includes(lossReason)) return [];
  const message = `${lossReason} does not keep a policy from being renewed; record it as declined`;
  return [{ path: 'lossReason', message }];
}

const goesWith: [keyof ResultBody, (result: ContactResult) => boolean, string][] = [
  ['callBackAt', asksForCallBack, 'promised and considering'],
  ['newPolicyNumber', (result) => result === 'renewed', 'renewed'],
  ['closing', (result) => result === 'renewed', 'renewed'],
  ['lossReason', (result) => result === 'declined' || result === 'not-renewable', 'declined and not-renewable'],
  ['rival', (result) => result === 'declined', 'declined'],
  ['rivalPremium', (result) => result === 'declined', 'declined'],
];

function strayFields(body: ResultBody): Broken[] {
  return goesWith
    .filter(([path, fits]) => body[path] !== undefined && !fits(body.result))
    .map(([path, , results]) => ({ path, message: `Goes with ${results} only` }));
}

/** Reasons that a note has to explain stand apart from the others. */
const explained = { lossReason: { type: 'string', enum: ['other'] } };

function resultShapes(): Shape[] {
  const ofTheirOwn: readonly ContactResult[] = ['renewed', 'declined', 'not-renewable'];
  const others = contactResults.filter((result) => !ofTheirOwn.includes(result));
  const items = { type: 'string', enum: [...closingListItems] };
  const everyOne = { minItems: closingListItems.length, maxItems: closingListItems.length, uniqueItems: true };
  const known = lossReasons.filter((reason) => reason !== 'other');
  const ofDeclining = {
    lossReason: { type: 'string', enum: known.filter((reason) => !notFromDeclining.includes(reason)) },
  };
  return [
    { when: others.filter(asksForCallBack), without: strayWith('promised') },
    { when: others.filter((result) => !asksForCallBack(result)), without: strayWith('confirmed') },
    {
      when: ['renewed'],
      needs: ['newPolicyNumber', 'closing'],
      without: strayWith('renewed'),
      instead: { closing: { type: 'array', items, ...everyOne } },
    },
    { when: ['declined'], needs: ['lossReason'], without: strayWith('declined'), instead: ofDeclining },
    { when: ['declined'], needs: ['lossReason', 'note'], without: strayWith('declined'), instead: explained },
    {
      when: ['not-renewable'],
      needs: ['evidence'],
      without: strayWith('not-renewable'),
      instead: { lossReason: { type: 'string', enum: ofNotRenewable.filter((reason) => reason !== 'other') } },
    },
    {
      when: ['not-renewable'],
      needs: ['evidence', 'lossReason', 'note'],
      without: strayWith('not-renewable'),
      instead: explained,
    },
  ];
}

function strayWith(result: ContactResult): string[] {
  return goesWith.filter(([, fits]) => !fits(result)).map(([path]) => path);
}

/** business.md, Contact results: which field goes with which result; for some or all of the results. */
function bodyOf(results: readonly ContactResult[], meta: { id: string; example: object }) {
  const names: readonly string[] = results;
  const ofThese = (shape: Shape): Shape => ({ ...shape, when: shape.when.filter((one) => names.includes(one)) });
  const shapes = resultShapes()
    .map(ofThese)
    .filter(({ when }) => when.length > 0);
  return resultFields
    .extend({ result: z.enum(results) })
    .superRefine((body, context) => {
      for (const { path, message } of missingFields(body).concat(strayFields(body))) {
        context.addIssue({ code: 'custom', path: [path], message });
      }
    })
    .meta({ ...meta, override: inShapes('result', shapes) })
    .transform(({ evidence: said, ...fields }) => ({ ...fields, ...evidenceFields(said) }));
}

export const resultBody = bodyOf(contactResults, {
  id: 'ResultToRecord',
  example: { result: 'promised', callBackAt: '2026-12-02T10:00:00+08:00', channel: 'phone' },
});

const perVehicle: readonly ContactResult[] = ['renewed', 'not-renewable'];

/** What a negotiation brings for all vehicles of a fleet; the ends of a case are told per vehicle. */
export const fleetResultBody = bodyOf(
  contactResults.filter((result) => !perVehicle.includes(result)),
  { id: 'FleetResultToRecord', example: { result: 'quoted', channel: 'phone' } },
);

export const secondRoundBody = z
  .strictObject({ outcome: z.enum(secondRoundOutcomes), newPolicyNumber: policyNumber.optional(), note })
  .superRefine(({ outcome, newPolicyNumber }, context) => {
    const path = ['newPolicyNumber'];
    if (outcome === 'renewed' && newPolicyNumber === undefined) {
      context.addIssue({ code: 'custom', path, message: 'renewed needs the new policy number' });
    }
    if (outcome !== 'renewed' && newPolicyNumber !== undefined) {
      context.addIssue({ code: 'custom', path, message: 'Goes with renewed only' });
    }
  })
  .meta({
    id: 'SecondRoundDecision',
    example: { outcome: 'reopened', note: 'Wants a quote without the gift.' },
    override: inShapes('outcome', [
      { when: ['renewed'], needs: ['newPolicyNumber'] },
      { when: secondRoundOutcomes.filter((outcome) => outcome !== 'renewed'), without: ['newPolicyNumber'] },
    ]),
  });

export const correctionBody = z.strictObject({ reason: note, replacement: resultBody.optional() }).meta({
  id: 'ResultCorrection',
  example: { reason: 'Entered for the wrong customer.', replacement: { result: 'not-reached', channel: 'phone' } },
});
