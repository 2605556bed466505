import { z } from 'zod';
import { addDays } from '../../renewal/calendar.ts';
import { at, code, day, flag, id, note, paging, role, staffId, text } from './basics.ts';

const capacities = {
  customerCapacity: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .nullable()
    .meta({ description: 'Customers they can look after; null: the default of the role' }),
  contactsPerDay: z
    .number()
    .int()
    .min(0)
    .max(1_000)
    .nullable()
    .meta({ description: 'Contacts they can make in a day; null: the default of the role' }),
};

const language = z.enum(['zh-CN', 'en']).meta({ description: 'What is written to them is in this language' });

/** Where what is due reaches them; null: nowhere. */
const reachedAt = {
  email: z
    .email('One plain e-mail address')
    .max(254)
    .nullable()
    .meta({ description: 'Their digests go there; null: they get none', example: 'li.ming@example.com' }),
  phone: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'E.164, such as +8613800000042')
    .nullable()
    .meta({ description: 'E.164', example: '+8613800000042' }),
  digestSms: z.boolean().meta({ description: 'Whether they want the counts of each digest by SMS as well' }),
};

export const staffRecord = z
  .strictObject({
    id: staffId,
    name: z.string(),
    roles: z.array(role),
    branchId: code.nullable(),
    teamId: code.nullable(),
    departedOn: day.nullable(),
    customerCapacity: z.number().int().nullable(),
    contactsPerDay: z.number().int().nullable(),
    email: z.string().nullable().meta({ description: 'Masked', example: 'l***@***' }),
    phone: z.string().nullable().meta({ description: 'Masked', example: '**********0042' }),
    language,
    digestSms: z.boolean(),
  })
  .meta({ id: 'Staff' });

export const staffFilters = z.strictObject({
  role: role.optional(),
  branchId: code.optional(),
  teamId: code.optional(),
  departed: flag.optional(),
  ...paging,
});

const name = text(200);
const rolesHeld = z
  .array(role)
  .min(1)
  .max(10)
  .refine((held) => new Set(held).size === held.length, 'Each role once')
  .refine(
    (held) => !held.includes('auditor') || held.every((one) => one === 'auditor' || one === 'trainer'),
    'An auditor changes nothing: only with trainer',
  )
  .meta({ uniqueItems: true });

/** `me` is a word of the worklist's filter and `system` an actor of the journal; neither names a person. */
const newStaffId = z
  .string()
  .regex(
    /^(?!me$|system$)[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$/,
    'Letters, digits and . _ - @, beginning with a letter or digit; at most 100; not `me` or `system`',
  );

export const newStaff = z
  .strictObject({
    id: newStaffId.meta({ description: 'The staff number: the subject of their tokens', example: 'A1001' }),
    name,
    roles: rolesHeld,
    branchId: code.nullable().default(null).meta({ description: 'Follows from the team when absent' }),
    teamId: code.nullable().default(null),
    customerCapacity: capacities.customerCapacity.default(null),
    contactsPerDay: capacities.contactsPerDay.default(null),
    email: reachedAt.email.default(null),
    phone: reachedAt.phone.default(null),
    language: language.default('zh-CN'),
    digestSms: reachedAt.digestSms.default(false),
  })
  .meta({
    id: 'NewStaff',
    example: { id: 'A1001', name: '李明', roles: ['agent'], branchId: '4401', teamId: 'S2001' },
  });

export const staffChange = z
  .strictObject({
    name: name.optional(),
    roles: rolesHeld.optional(),
    branchId: code.nullable().optional(),
    teamId: code.nullable().optional(),
    customerCapacity: capacities.customerCapacity.optional(),
    contactsPerDay: capacities.contactsPerDay.optional(),
    email: reachedAt.email.optional(),
    phone: reachedAt.phone.optional(),
    language: language.optional(),
    digestSms: reachedAt.digestSms.optional(),
  })
  .meta({
    id: 'StaffChange',
    description: 'What is absent stays as it is',
    example: { roles: ['agent', 'supervisor'] },
  });

export const departure = z
  .strictObject({
    id: id
      .nullable()
      .meta({ description: 'The hand-over; null when there was nothing to hand over or the day has not come' }),
    state: z.enum(['scheduled', 'running', 'completed', 'withdrawn']),
    total: z.number().int().meta({ description: 'Open cases of the agent' }),
    done: z.number().int(),
  })
  .meta({ id: 'Departure' });

export const departureBody = z
  .strictObject({ effectiveOn: day.nullable().meta({ description: 'The first day without them; null: they stay' }) })
  .meta({ id: 'DepartureToRecord', example: { effectiveOn: '2027-03-01' } });

const longestLeaveDays = 366;

export const newAbsence = z
  .strictObject({ fromOn: day, toOn: day, reason: note.max(500).optional() })
  .refine(({ fromOn, toOn }) => fromOn <= toOn, { path: ['toOn'], message: 'Not before fromOn' })
  // It runs although a day is none, which has been said by then.
  .refine(({ fromOn, toOn }) => !day.safeParse(fromOn).success || toOn < addDays(fromOn, longestLeaveDays), {
    path: ['toOn'],
    message: `${longestLeaveDays} days at most; who stays away longer has left`,
  })
  .meta({ id: 'NewAbsence', example: { fromOn: '2027-02-01', toOn: '2027-02-12', reason: 'Annual leave' } });

export const absence = z
  .strictObject({
    id,
    staffId,
    fromOn: day,
    toOn: day.meta({ description: 'The last day away' }),
    reason: z.string().nullable(),
    recordedBy: z.string(),
    recordedAt: at,
  })
  .meta({ id: 'Absence' });

export const withdrawnAbsence = z
  .strictObject({
    id,
    left: absence.nullable().meta({ description: 'The days that have passed; null when the leave had not begun' }),
  })
  .meta({ id: 'WithdrawnAbsence' });
