import { defineSignal } from '@temporalio/workflow';

export const rolloutSteered = defineSignal('rolloutSteered');
