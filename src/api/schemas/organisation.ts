import { z } from 'zod';
import { code, paging, staffId, text } from './basics.ts';

const newCode = z.string().regex(/^[!-~\u00a1-\ud7ff]{1,100}$/, 'At most 100 characters without spaces');

const name = text(200);

export const branchRecord = z
  .strictObject({ id: code, name: z.string(), parentId: code.nullable() })
  .meta({ id: 'Branch' });

export const newBranch = z
  .strictObject({ id: newCode, name, parentId: code.nullable().default(null) })
  .meta({ id: 'NewBranch', example: { id: '4401', name: '广州分公司', parentId: '44' } });

export const branchChange = z
  .strictObject({ name: name.optional(), parentId: code.nullable().optional() })
  .meta({ id: 'BranchChange', description: 'What is absent stays as it is', example: { parentId: '44' } });

export const branchFilters = z.strictObject(paging);

export const teamRecord = z
  .strictObject({ id: code, branchId: code, supervisorId: staffId.nullable() })
  .meta({ id: 'Team' });

export const newTeam = z
  .strictObject({ id: newCode, branchId: code, supervisorId: staffId.nullable().default(null) })
  .meta({ id: 'NewTeam', example: { id: 'S2001', branchId: '4401', supervisorId: 'S2001' } });

export const teamChange = z
  .strictObject({ branchId: code.optional(), supervisorId: staffId.nullable().optional() })
  .meta({ id: 'TeamChange', description: 'What is absent stays as it is', example: { supervisorId: 'S2002' } });

export const teamFilters = z.strictObject({ branchId: code.optional(), ...paging });
