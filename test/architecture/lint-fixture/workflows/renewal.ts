import { sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/send-sms.ts';
import { graceDays } from '../src/renewal/stage.ts';
import { reopened } from './messages.ts';

export type Renewal = (activities: Activities) => Promise<void>;
export const allowed = { sleep, graceDays, reopened };
