import { defineSignal } from '@temporalio/workflow';

export const handoverChanged = defineSignal('handoverChanged');
