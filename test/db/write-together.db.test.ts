import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messages } from '../../src/db/schema/messages.ts';
import { changeOf, updateRow, writeTogether } from '../../src/db/write-together.ts';
import { openMessageBook, type MessageBook } from '../messaging/message-book.ts';

let book: MessageBook;

beforeAll(async () => {
  book = await openMessageBook();
});
afterAll(() => book.close());

describe('A change of some columns of one row', () => {
  test('writes every kind of column as any other update does, and no other row', async () => {
    const [id, other] = [await book.plan(await book.addCase()), await book.plan(await book.addCase())];
    const before = await book.findMessage(other);
    const rendering = { layout: 1, language: 'en', params: { name: 'O’Neil "Tom"' } };
    const change = { reason: "it's", claimedAt: new Date(5), refusedBy: ['a,b', 'c"d'], rendering, segments: 2 };
    await updateRow(book.db, messages, { id, change });
    const written = await book.findMessage(id);
    await book.db.update(messages).set(change).where(eq(messages.id, id));
    expect(written).toEqual(await book.findMessage(id));
    expect(written).toMatchObject(change);
    expect(await book.findMessage(other)).toEqual(before);
  });

  test('clears columns with null and leaves all others', async () => {
    const id = await book.plan(await book.addCase(), { reason: 'quiet-hours', claimedAt: new Date(5), rendering: {} });
    await updateRow(book.db, messages, { id, change: { claimedAt: null, rendering: null } });
    expect(await book.findMessage(id)).toMatchObject({ claimedAt: null, rendering: null, reason: 'quiet-hours' });
  });
});

describe('Writes of one statement', () => {
  test('are refused where the values of one would be taken for those of another', async () => {
    const [id, other] = [await book.plan(await book.addCase()), await book.plan(await book.addCase())];
    const changes = [id, other].map((one) => changeOf(messages, { id: one, change: { reason: one } }));
    await expect(writeTogether(book.db, changes)).rejects.toThrow('twice');
    expect(await book.findMessage(other)).toMatchObject({ reason: null });
  });
});
