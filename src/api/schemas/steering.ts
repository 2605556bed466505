import { z } from 'zod';
import { instant, note, staffId } from './basics.ts';

export const holdBody = z
  .strictObject({
    until: instant.meta({ description: 'After now and before the case closes by itself' }),
    reason: note,
  })
  .meta({ id: 'HoldCase', example: { until: '2026-12-08T09:00:00+08:00', reason: 'The customer is abroad.' } });

export const ownerBody = z
  .strictObject({
    agentId: staffId.meta({ description: 'Staff number of an agent, specialist or supervisor you see' }),
  })
  .meta({ id: 'ChangeOwner', example: { agentId: 'A1002' } });
