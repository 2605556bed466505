import { and, inArray, notInArray, or } from 'drizzle-orm';
import { isContactKind } from '../../renewal/assignment.ts';
import { taskKinds, type TaskRole } from '../../renewal/task.ts';
import { tasks } from '../schema/tasks.ts';

/** Who calls customers by their role. */
const callingRoles: TaskRole[] = ['agent', 'call-centre'];
const contactKinds = taskKinds.filter(isContactKind);

/** Work that nobody has while a customer is left alone: what means to see or call them, and all of who calls by their role. */
export const meansToCall = or(inArray(tasks.role, callingRoles), inArray(tasks.kind, contactKinds));
export const meansNoCall = and(notInArray(tasks.role, callingRoles), notInArray(tasks.kind, contactKinds));
