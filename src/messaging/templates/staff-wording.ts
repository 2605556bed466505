import type { Stage } from '../../renewal/stage-plan.ts';
import type { StaffItem, StaffTemplateKey } from './staff-facts.ts';
import type { Template } from './template.ts';

/** One language of what goes to staff: its texts and the words for codes. */
export type StaffWording = {
  templates: Record<StaffTemplateKey, Template>;
  reasons: Record<StaffItem['why'], string>;
  stages: Record<Stage, string>;
};
