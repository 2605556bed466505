import { defineSignal } from '@temporalio/workflow';

export const concessionChanged = defineSignal('concessionChanged');
