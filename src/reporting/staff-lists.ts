import { readDueList } from './due-list.ts';
import { readCaseLines, readHalfMonthList } from './half-month-list.ts';
import { readHandoverNews } from './handover-news.ts';
import { readKeyTrackingOf, unitOf } from './key-tracking.ts';

/** The lists that mails to staff are made of, for whoever sends them. */
export const staffLists = {
  readDueList,
  readKeyTrackingOf,
  readHalfMonthList,
  readCaseLines,
  readHandoverNews,
  unitOf,
};
