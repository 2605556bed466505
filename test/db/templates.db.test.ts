import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { customers } from '../../src/db/schema/customers.ts';
import { templates, type TemplateContent } from '../../src/db/schema/templates.ts';
import { approveTemplate, retireTemplate } from '../../src/db/templates/approve-template.ts';
import { draftTemplate } from '../../src/db/templates/draft-template.ts';
import { hashOfContent } from '../../src/db/templates/template-rows.ts';
import { claimMessage } from '../../src/messaging/claim.ts';
import { renderStaffMail } from '../../src/messaging/staff-mail.ts';
import { staffSamples } from '../../src/messaging/templates/sample-facts.ts';
import { shippedText } from '../../src/messaging/templates/shipped.ts';
import type { AnyTemplateKey, TemplateLanguage } from '../../src/messaging/templates/template.ts';
import { calendar, openMessageBook, type MessageBook } from '../messaging/message-book.ts';

let book: MessageBook;
beforeAll(async () => {
  book = await openMessageBook();
  await book.setTime('2027-03-16T12:00');
});
afterEach(async () => {
  const approved = await book.db.select().from(templates).where(eq(templates.state, 'approved'));
  for (const { key, language, version } of approved)
    await retireTemplate(book.db, { key, language, version, by: 'C1' });
});
afterAll(() => book.close());

const name = { key: 'expiry-near', language: 'zh-CN' } as const;
type Name = { key: AnyTemplateKey; language: TemplateLanguage };

const contentOf = (changed: Partial<TemplateContent>, { key, language }: Name = name): TemplateContent => ({
  ...shippedText(key, language)!.content,
  ...changed,
});

const draft = (changed: Partial<TemplateContent>, of: Name = name) =>
  book.db.transaction((tx) =>
    draftTemplate(tx, { ...of, content: contentOf(changed, of), by: 'A1', requestId: crypto.randomUUID() }),
  );

/** As if its checks had been others at the time. */
async function approve(changed: Partial<TemplateContent>, of: Name = name): Promise<number> {
  const { version, content } = await draft(changed, of);
  const contentHash = hashOfContent(content);
  const approved = await book.db.transaction((tx) =>
    approveTemplate(tx, { ...of, version, by: 'B1', contentHash }, () => []),
  );
  expect(approved.kind).toBe('approved');
  return version;
}

async function claim(customer: Partial<typeof customers.$inferInsert> = {}, channel: 'sms' | 'email' = 'sms') {
  const renewalId = await book.addCase({ customer });
  const messageId = await book.plan(renewalId, { channel });
  const claimed = await claimMessage(book.db, { renewalId, touch: 't-15', channel }, calendar);
  return { claimed, renewalId, row: await book.findMessage(messageId) };
}

/** The message of the database, which wraps it. */
const refusal = async (statement: Promise<unknown>): Promise<string> => {
  const error = await statement.then(
    () => new Error('nothing was refused'),
    (thrown: unknown) => thrown as Error,
  );
  return error.cause instanceof Error ? error.cause.message : error.message;
};

describe('A version of a text', () => {
  test('never changes, is never deleted, and does not come back once it is retired', async () => {
    const { id } = await draft({ sms: 'draft' });
    const set = (values: object) => book.db.update(templates).set(values).where(eq(templates.id, id));

    expect(await refusal(set({ content: contentOf({ sms: 'other' }) }))).toContain('never changes');
    expect(await refusal(set({ createdBy: 'B1' }))).toContain('never changes');
    expect(await refusal(book.db.delete(templates).where(eq(templates.id, id)))).toContain('is kept');
    await set({ state: 'retired' });
    expect(await refusal(set({ state: 'approved', approvedBy: 'B1' }))).toContain('does not become approved');
  });

  test('is approved by a second person, whatever a statement says', async () => {
    const { id } = await draft({ sms: 'draft' });
    const set = (values: object) => book.db.update(templates).set(values).where(eq(templates.id, id));

    expect(await refusal(set({ state: 'approved' }))).toContain('templates_approved_by_a_second_person');
    expect(await refusal(set({ state: 'approved', approvedBy: 'A1' }))).toContain('second_person');
    const row = { ...name, id: crypto.randomUUID(), version: 99, content: contentOf({}), basedOn: 0, createdBy: 'A1' };
    const born = book.db
      .insert(templates)
      .values({ ...row, state: 'approved', approvedBy: 'B1', createdAt: sql`business_now()` });
    expect(await refusal(born)).toContain('is drafted before it is approved');
  });

  test('is stored once for one request, though its writer asks twice', async () => {
    const asked = { ...name, content: contentOf({}), by: 'A1', requestId: crypto.randomUUID() };
    const first = await book.db.transaction((tx) => draftTemplate(tx, asked));
    const again = await book.db.transaction((tx) => draftTemplate(tx, asked));

    expect(again).toEqual(first);
  });

  test('is approved by one of two who do so at once, after the other one’s', async () => {
    const [one, other] = [await draft({ sms: 'one' }), await draft({ sms: 'other' })];
    const approving = [one, other].map(({ version, content }) =>
      book.db.transaction((tx) =>
        approveTemplate(tx, { ...name, version, by: 'B1', contentHash: hashOfContent(content) }, () => []),
      ),
    );

    const kinds = (await Promise.all(approving)).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['approved', 'outdated']);
  });
});

describe('A message', () => {
  test('is written by the text that ships until another one is approved, and says by which', async () => {
    const { row } = await claim();

    expect(row).toMatchObject({ templateVersion: 0, segments: 1 });
    expect(row.rendering).toMatchObject({ language: 'zh-CN', params: { name: '王芳', remaining: '还有15天' } });
  });

  test('is written by the version in force at the moment of its sending', async () => {
    const renewalId = await book.addCase();
    const messageId = await book.plan(renewalId);
    const version = await approve({ sms: '{{name}}，新的说法。', providerTemplates: { aliyun: 'SMS_1' } });
    const claimed = await claimMessage(book.db, { renewalId, touch: 't-15', channel: 'sms' }, calendar);

    expect(await book.findMessage(messageId)).toMatchObject({ body: '王芳，新的说法。', templateVersion: version });
    expect(claimed).toMatchObject({ message: { text: { providerTemplates: { aliyun: 'SMS_1' } } } });
  });

  test('in another language is not touched by it', async () => {
    await approve({ sms: '{{name}}，新的说法。' });

    expect((await claim({ language: 'en' })).row).toMatchObject({ templateVersion: 0 });
  });

  test('goes by the version before when the newest one is retired', async () => {
    const before = await approve({ sms: '{{name}}，前一版。' });
    const newest = await approve({ sms: '{{name}}，后一版。' });
    await book.db.transaction((tx) => retireTemplate(tx, { ...name, version: newest, by: 'C1' }));

    expect((await claim()).row).toMatchObject({ templateVersion: before, body: '王芳，前一版。' });
  });

  test('that cannot be written waits with its reason, and goes once the text is mended', async () => {
    const broken = await approve({ sms: '{{ nothing }}' });
    const { claimed, renewalId, row } = await claim();
    const again = await claimMessage(book.db, { renewalId, touch: 't-15', channel: 'sms' }, calendar);
    await book.db.transaction((tx) => retireTemplate(tx, { ...name, version: broken, by: 'C1' }));
    const mended = await claimMessage(book.db, { renewalId, touch: 't-15', channel: 'sms' }, calendar);

    expect(claimed).toMatchObject({ kind: 'answered', outcome: { kind: 'waiting', reason: 'sending-misconfigured' } });
    expect(row).toMatchObject({ state: 'planned', reason: 'sending-misconfigured', attemptId: null, body: null });
    expect(again).toMatchObject({ outcome: { kind: 'waiting' } });
    expect(await book.eventsOf(renewalId)).toEqual(['message-held sending-misconfigured']);
    expect(mended.kind).toBe('won');
  });

  test('by e-mail keeps its text, and what its page was made of', async () => {
    const { row, claimed } = await claim({ name: '<b>王芳</b>' }, 'email');

    expect(row.body).toContain('<b>王芳</b>您好：');
    expect(row).toMatchObject({ segments: null, rendering: { layout: 1, params: { name: '<b>王芳</b>' } } });
    expect(claimed).toMatchObject({ message: { text: { html: expect.stringContaining('<p>&lt;b&gt;王芳') } } });
  });
});

test('a mail to staff is written by the version in force', async () => {
  const [sample] = staffSamples('hand-over', 'en');
  if (sample?.template !== 'hand-over') throw new Error('a hand-over has a sample');
  const shipped = await renderStaffMail(book.db, sample);
  const version = await approve({ subject: 'Hand-over: {{count}}' }, { key: 'hand-over', language: 'en' });

  expect(shipped).toMatchObject({ templateVersion: 0 });
  expect(await renderStaffMail(book.db, sample)).toMatchObject({ subject: 'Hand-over: 23', templateVersion: version });
});
