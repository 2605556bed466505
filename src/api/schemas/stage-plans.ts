import { z } from 'zod';
import { defaultStagePlan } from '../../renewal/default-stage-plan.ts';
import { planProblemCodes } from '../../renewal/plan-problem.ts';
import { segments } from '../../renewal/segment.ts';
import { at, code, flag, id, note, paging, staffId } from './basics.ts';
import { stagePlanContent } from './stage-plan-content.ts';

const states = ['draft', 'published', 'discarded'] as const;

/** As far as PostgreSQL counts. */
export const planNumber = z.number().int().min(0).max(2_147_483_647);

const version = planNumber.meta({ example: 2 });
const segment = z.enum(segments);

export const planVersion = z.strictObject({
  version: z.coerce.number().int().min(1).max(2_147_483_647).meta({ description: 'Number of the version', example: 1 }),
});

export const planFilters = z.strictObject({
  state: z.enum(states).optional(),
  branchId: code.optional(),
  segment: segment.optional(),
  inForce: flag.optional(),
  ...paging,
});

const facts = {
  version,
  state: z.enum(states),
  branchId: code.nullable().meta({ description: 'The branch with those below it that the plan holds for; null: all' }),
  segment: segment.nullable().meta({ description: 'The segment that the plan holds for; null: all' }),
  inForce: z.boolean().meta({ description: 'Whether the cases of its scope follow it' }),
  followsWider: z.boolean().meta({ description: 'Gives its scope back to the wider plan' }),
  contentHash: z.string().meta({
    description:
      'SHA-256 of the content, as the journal keeps it; of what its scope would follow where it gives it back',
  }),
  note: z.string().nullable(),
  createdBy: staffId.nullable(),
  createdAt: at,
  publishedBy: staffId.nullable(),
  publishedAt: at.nullable(),
};

export const planSummary = z.strictObject(facts).meta({ id: 'StagePlanVersion' });

const problem = z.strictObject({
  path: z.string().meta({ example: 'stages[1].touches[0].daysBefore' }),
  code: z.enum(planProblemCodes),
  message: z.string(),
});

const difference = z.strictObject({
  path: z.string().meta({ example: 'stages[intensive-chase].touches[t-15].daysBefore' }),
  before: z.unknown(),
  after: z.unknown(),
});

export const planPage = z
  .strictObject({
    ...facts,
    content: stagePlanContent.nullable().meta({ description: 'null where the scope is given back' }),
    problems: z.array(problem).meta({ description: 'What keeps a draft from being published' }),
    warnings: z.array(problem).meta({ description: 'What whoever publishes a draft has to know' }),
    comparedWith: version.meta({ description: 'The version that its scope follows now' }),
    differences: z.array(difference).meta({ description: 'From the plan that its scope follows now' }),
    rollouts: z.array(z.strictObject({ id, state: z.enum(['running', 'paused', 'completed', 'superseded']) })),
  })
  .meta({ id: 'StagePlan' });

const scope = {
  branchId: code.nullable().optional().meta({ description: 'Holds for this branch and those below it' }),
  segment: segment.nullable().optional().meta({ description: 'Holds for this segment' }),
  note: note.optional(),
};

const sources = ['content', 'copyOf', 'followsWider'] as const;

/** Writes the body in the document as one closed object per source, so that whoever follows it sends one. */
function partBySource(jsonSchema: { properties?: Record<string, object> }): void {
  const fields = Object.entries(jsonSchema.properties ?? {});
  const oneOf = sources.map((source) => ({
    type: 'object',
    properties: Object.fromEntries(fields.filter(([name]) => name === source || !isSource(name))),
    required: [source],
    additionalProperties: false,
  }));
  for (const name of ['type', 'properties', 'additionalProperties']) Reflect.deleteProperty(jsonSchema, name);
  Object.assign(jsonSchema, { oneOf });
}

function isSource(name: string): boolean {
  return sources.some((source) => source === name);
}

/** What a draft may be made of; each excludes the others. */
export const newPlan = z
  .strictObject({
    content: stagePlanContent.optional(),
    copyOf: version
      .min(1)
      .optional()
      .meta({ description: 'An older version, whose scope is taken where none is said' }),
    followsWider: z.literal(true).optional().meta({ description: 'Give the scope back to the wider plan' }),
    ...scope,
  })
  .superRefine((draft, context) => {
    const given = sources.filter((source) => draft[source] !== undefined);
    const path = [given[1] ?? 'content'];
    if (given.length !== 1) context.addIssue({ code: 'custom', path, message: `One of ${sources.join(', ')}` });
  })
  .meta({
    id: 'NewStagePlan',
    example: { content: defaultStagePlan, branchId: '4401', note: 'Earlier first contact in Guangzhou' },
    override: ({ jsonSchema }: { jsonSchema: object }) => partBySource(jsonSchema),
  });

const seenHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'Of the content that you looked at; another one by now answers 409' });

export const planChange = z
  .strictObject({ content: stagePlanContent, note: note.optional(), contentHash: seenHash.optional() })
  .meta({ id: 'StagePlanChange', example: { content: defaultStagePlan } });

export const publishing = z
  .strictObject({
    nudgesPerSecond: z.number().int().min(1).max(50).default(20).meta({
      description: 'How many running cases a second are told, of those that have to act sooner',
    }),
    note: note.optional().meta({ description: 'Replaces the note of the draft' }),
    contentHash: seenHash,
  })
  .meta({
    id: 'StagePlanPublishing',
    example: {
      nudgesPerSecond: 20,
      note: 'Agreed in the weekly round',
      contentHash: '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
    },
  });

export const publishedPlan = z
  .strictObject({ version, rolloutId: id, publishedBy: staffId, publishedAt: at, inForce: z.boolean() })
  .meta({ id: 'PublishedStagePlan' });
