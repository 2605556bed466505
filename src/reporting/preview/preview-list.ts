import { readClock } from '../../db/business-clock.ts';
import { toleranceOf } from '../../db/cases/case-situation.ts';
import { presentOf } from '../../db/cases/running-case.ts';
import type { Db } from '../../db/connection.ts';
import type { Calendar, Instant } from '../../renewal/calendar.ts';
import { renewalsVisibleTo } from '../scope/renewals.ts';
import type { Viewer } from '../scope/viewer.ts';
import { aroundNow, previewCases } from './preview-cases.ts';
import { itemOf, type PreviewItem } from './preview-item.ts';
import { isChanged } from './preview-tally.ts';

type ListAsked = { version: number; calendar: Calendar; viewer: Viewer; changedOnly: boolean };

const casesOfLook = 500;

/** The cases that a plan concerns and that somebody may see, one by one in the order of ids, after one of them. */
export async function* listPreview(
  db: Db,
  { version, viewer, changedOnly, ...asked }: ListAsked,
  after = '',
): AsyncGenerator<PreviewItem> {
  const clock = await readClock(db);
  const present = presentOf({ clock, tolerance: toleranceOf(clock), calendar: aroundNow(asked.calendar, clock.now) });
  const only = renewalsVisibleTo(viewer);
  for await (const page of previewCases(db, { ...asked, version, clock, only, after, pageSize: casesOfLook })) {
    for (const one of page) if (!changedOnly || isChanged(one)) yield itemOf(one, present);
  }
}

/** So many of them at most, and when they were looked at (business ms). */
export async function pageOfPreview(
  db: Db,
  asked: ListAsked & { after: string | undefined; limit: number },
): Promise<{ at: Instant; items: PreviewItem[] }> {
  const { after, limit, ...question } = asked;
  const { now: at } = await readClock(db);
  const items: PreviewItem[] = [];
  for await (const item of listPreview(db, question, after)) if (items.push(item) >= limit) break;
  return { at, items };
}
