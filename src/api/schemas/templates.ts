import { z } from 'zod';
import { everyTemplateKey, templateLanguages } from '../../messaging/templates/template.ts';
import { at, note, paging, renewalId, staffId, text } from './basics.ts';

const key = z.enum(everyTemplateKey).meta({ example: 'expiry-near' });
const language = z.enum(templateLanguages).meta({ example: 'zh-CN' });
const version = z
  .number()
  .int()
  .min(0)
  .max(2_147_483_647)
  .meta({ description: '0 is the text that ships', example: 1 });

const idPattern = new RegExp(
  `^(${everyTemplateKey.join('|')})\\.(${templateLanguages.join('|')})\\.(0|[1-9]\\d{0,8})$`,
);

/** Key, language and number of a version. */
const templateId = z.string().regex(idPattern).meta({ example: 'expiry-near.zh-CN.1' });

export const templateParams = z.strictObject({ id: templateId });
export const templateFilters = z.strictObject({ key: key.optional(), language: language.optional(), ...paging });

const line = (longest: number) => z.string().trim().min(1).max(longest);

const content = z
  .strictObject({
    sms: line(1_000).meta({ description: 'One line of Liquid' }),
    subject: line(300).meta({ description: 'One line of Liquid' }),
    email: line(20_000).meta({
      description:
        'Liquid in paragraphs parted by empty lines; `# ` begins a heading, `- ` an item of a list, `[words]({{link}})` is a link',
    }),
    providerTemplates: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{1,30}$/), z.string().regex(/^[A-Za-z0-9_-]{1,64}$/))
      .optional()
      .meta({
        description:
          'Under which code a provider that takes no free text has approved this SMS, by the provider’s name',
        example: { aliyun: 'SMS_154950909' },
      }),
  })
  .meta({ id: 'TemplateContent' });

const example = {
  sms: '{{name}}您好，您{{vehicle}}的{{covers}}将于{{expiresOn}}到期（{{remaining}}），请联系{{contact}}。',
  subject: '您的{{covers}}将于{{expiresOn}}到期',
  email:
    '{{name}}您好：\n\n您{{vehicle}}的{{covers}}将于{{expiresOn}}到期（{{remaining}}）。\n\n您的续保联系人：{{contact}}',
};

const sources = ['content', 'copyOf'] as const;

/** Written as one closed object per source, so that whoever follows the document sends one. */
function partBySource(jsonSchema: { properties?: Record<string, object> }): void {
  const fields = Object.entries(jsonSchema.properties ?? {});
  const isSource = (name: string): boolean => sources.some((source) => source === name);
  const oneOf = sources.map((source) => ({
    type: 'object',
    properties: Object.fromEntries(fields.filter(([name]) => name === source || !isSource(name))),
    required: ['key', 'language', source],
    additionalProperties: false,
  }));
  for (const name of ['type', 'properties', 'required', 'additionalProperties'])
    Reflect.deleteProperty(jsonSchema, name);
  Object.assign(jsonSchema, { oneOf });
}

export const newTemplate = z
  .strictObject({
    key,
    language,
    content: content.optional(),
    copyOf: version.optional().meta({ description: 'A version whose content is to be approved again' }),
    note: note.optional(),
  })
  .superRefine((draft, context) => {
    if ((draft.content === undefined) === (draft.copyOf === undefined))
      context.addIssue({ code: 'custom', path: ['content'], message: 'One of content, copyOf' });
  })
  .meta({
    id: 'NewTemplate',
    example: { key: 'expiry-near', language: 'zh-CN', content: example, note: 'Agreed with the channel department' },
    override: ({ jsonSchema }: { jsonSchema: object }) => partBySource(jsonSchema),
  });

const facts = {
  id: templateId,
  key,
  language,
  version,
  state: z.enum(['draft', 'approved', 'retired']),
  inForce: z.boolean().meta({ description: 'Whether messages are written by it now' }),
  contentHash: z.string().meta({ description: 'SHA-256 of the content, as the journal keeps it' }),
  note: z.string().nullable(),
  createdBy: staffId.nullable().meta({ description: 'null: it ships' }),
  createdAt: at.nullable(),
  approvedBy: staffId.nullable(),
  approvedAt: at.nullable(),
  retiredBy: staffId.nullable(),
  retiredAt: at.nullable(),
};

const templateVersion = z.strictObject(facts).meta({ id: 'TemplateVersion' });

export const templateSummary = z
  .strictObject({
    key,
    language,
    audience: z.enum(['customer', 'staff']),
    inForce: version,
    versions: z.array(templateVersion).meta({ description: 'The newest 50 and the one that ships, newest first' }),
  })
  .meta({ id: 'TemplateSummary' });

const finding = z.strictObject({ path: z.string().meta({ example: 'sms' }), message: z.string() });

export const templatePage = z
  .strictObject({
    ...facts,
    content,
    variables: z.record(z.string(), z.unknown()).meta({ description: 'What it may name, with an example of each' }),
    problems: z.array(finding).meta({ description: 'What keeps a draft from being approved' }),
    warnings: z.array(finding).meta({ description: 'What whoever approves it has to know' }),
    comparedWith: version.meta({ description: 'The version in force' }),
    differences: z.array(z.strictObject({ path: z.string(), before: z.unknown(), after: z.unknown() })),
  })
  .meta({ id: 'Template' });

export const templateApproval = z
  .strictObject({
    note: note.optional().meta({ description: 'Replaces the note of the draft' }),
    contentHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: 'Of the content that you looked at; another one answers 409' }),
  })
  .meta({
    id: 'TemplateApproval',
    example: { contentHash: '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b' },
  });

export const previewedTemplate = z
  .strictObject({
    renewalId: renewalId.optional().meta({ description: 'A case that you may see; without one it is an example' }),
    signature: text(20).optional().meta({ description: 'What a provider of mainland China puts in front in 【】' }),
  })
  .meta({ id: 'TemplatePreviewRequest', example: {} });

const length = {
  encoding: z.enum(['GSM-7', 'UCS-2']),
  units: z.number().int().meta({ description: 'Characters as the encoding counts them' }),
  segments: z.number().int().meta({ description: 'Parts that it is sent and paid in' }),
};

export const templatePreview = z
  .strictObject({
    id: templateId,
    sms: z.strictObject({
      text: z.string(),
      ...length,
      smartlyEncoded: z.strictObject(length).meta({
        description: 'As Twilio counts it where its smart encoding replaces typographic characters',
      }),
    }),
    email: z.strictObject({ subject: z.string(), text: z.string(), html: z.string() }),
    warnings: z.array(finding),
  })
  .meta({ id: 'TemplatePreview' });
