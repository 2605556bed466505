import { firstDay } from './calendar.ts';

export const graceDays = [firstDay, new Date('2027-03-31')];
