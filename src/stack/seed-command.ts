import { readConfig } from '../config/config.ts';
import { readStackSettings } from '../config/stack-settings.ts';
import { businessToday } from './business-day.ts';
import { loadExampleBook } from './example-book.ts';
import { environmentInReach } from './running-environment.ts';

/** Loads the example book into the running stack, with dates around its business day. */
export async function seed(): Promise<void> {
  const env = environmentInReach(process.env, readStackSettings(process.env));
  const { api, clock } = readConfig(env);
  const ownerUrl = env['XUBAO_DATABASE_OWNER_URL'];
  if (!ownerUrl) throw new Error('XUBAO_DATABASE_OWNER_URL is needed to know the business day');
  const book = { apiUrl: api.publicUrl, today: await businessToday(ownerUrl, clock.zone) };
  const { accepted, rejected, opened } = await loadExampleBook(book);
  process.stdout.write(`${accepted} rows accepted, ${rejected} rejected, ${opened} cases opened\n`);
}
