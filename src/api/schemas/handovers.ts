import { z } from 'zod';
import { outcomeKinds } from '../../renewal/loss.ts';
import { handoverItemStates, receivingChannels } from '../../renewal/orphan.ts';
import { segments } from '../../renewal/segment.ts';
import { stages } from '../../renewal/stage-plan.ts';
import { at, code, day, id, money, paging, policyNumber, renewalId, staffId } from './basics.ts';
import { inShapes } from './shapes.ts';

const handoverStates = ['open', 'decided'] as const;
const channel = z.enum(receivingChannels);

const handoverFields = {
  id,
  agentId: staffId.meta({ description: 'Who left' }),
  branchId: code,
  teamId: code.nullable(),
  supervisorId: staffId.nullable(),
  state: z.enum(handoverStates),
  dueAt: at,
  openedAt: at,
  byState: z.partialRecord(z.enum(handoverItemStates), z.number().int()).meta({ description: 'Cases by state' }),
};

export const handoverItem = z.strictObject(handoverFields).meta({ id: 'HandoverItem' });

export const handoverPage = z
  .strictObject({
    ...handoverFields,
    progress: z
      .strictObject({ total: z.number().int(), done: z.number().int() })
      .meta({ description: 'How many cases it is about, and how many have heard of their newest state' }),
    items: z.array(
      z.strictObject({
        renewalId,
        policyNumber,
        value: money.meta({ description: 'The expiring premium' }),
        segment: z.enum(segments),
        stage: z.enum(stages).nullable().meta({ description: 'Null before the case opens' }),
        outcome: z.enum(outcomeKinds).nullable(),
        expiresOn: day,
        state: z.enum(handoverItemStates),
        ownerId: staffId.nullable(),
        channel: channel.nullable(),
        proposedChannel: channel.nullable(),
        offerDueAt: at.nullable(),
        decidedBy: z.string().nullable(),
        decidedAt: at.nullable(),
      }),
    ),
  })
  .meta({ id: 'Handover' });

export const handoverFilters = z.strictObject({
  state: z.enum(handoverStates).optional(),
  agentId: staffId.optional(),
  ...paging,
});

const renewalIds = z.array(renewalId).min(1).max(5_000).optional().meta({ description: 'All cases when absent' });

export const decisionBody = z
  .strictObject({
    renewalIds,
    decision: z.enum(['take-over', 'assign', 'offer']),
    agentId: staffId
      .optional()
      .meta({ description: 'With assign; without it each case goes to the colleague with the least to do' }),
    channel: channel.optional(),
  })
  .superRefine(({ decision, agentId, channel: offered }, context) => {
    const goesWith = (path: string, given: boolean, wanted: boolean): void => {
      if (given === wanted) return;
      context.addIssue({
        code: 'custom',
        path: [path],
        message: wanted ? `${decision} needs it` : `Does not go with ${decision}`,
      });
    };
    // Without somebody named, assign goes by the rule.
    if (decision !== 'assign') goesWith('agentId', agentId !== undefined, false);
    goesWith('channel', offered !== undefined, decision === 'offer');
  })
  .meta({
    id: 'HandoverDecision',
    example: { decision: 'assign', agentId: 'A1002' },
    override: inShapes('decision', [
      { when: ['take-over'], without: ['agentId', 'channel'] },
      { when: ['assign'], without: ['channel'] },
      { when: ['offer'], needs: ['channel'], without: ['agentId'] },
    ]),
  });

export const acceptanceBody = z
  .strictObject({ renewalIds, accept: z.boolean(), channel: channel.optional() })
  .meta({ id: 'HandoverAcceptance', example: { accept: true } });
