import { z } from 'zod';
import { concessionLevels } from '../../renewal/concession.ts';
import { chosenLossReasons } from '../../renewal/loss.ts';
import type { SettingContents, SettingName } from '../../renewal/settings.ts';
import { code, day } from './basics.ts';

/** At most two decimals, so that a border is hit exactly. */
export const percent = z.number().min(0).max(100).multipleOf(0.01).meta({ example: 8 });

const rung = z.strictObject({
  upToPercent: percent,
  level: z.enum(concessionLevels),
  needsAttachedService: z.boolean().meta({ description: 'Approved only with another service attached, signed' }),
});

type Rung = z.output<typeof rung>;

const ladder = z
  .strictObject({
    rungs: z.array(rung).min(2).max(20).refine(rise, 'Percentages and authority rise from rung to rung, from 0 up'),
    agencyFeePercent: percent.meta({ description: 'From here on the whole agency fee is given away' }),
    companionBenefit: code.meta({ description: 'May come with a manager’s decision before the whole fee is given' }),
    decisionWorkdays: z.number().int().min(1).max(30),
    floorOfPremiumPercent: percent.meta({
      description: 'The premium stays at this percentage of the expiring one at least; 0 is no floor',
    }),
    enforceMix: z.boolean().meta({ description: 'A used-up band of the budget refuses instead of warning' }),
  })
  .meta({ id: 'ConcessionLadder' });

function rise(rungs: Rung[]): boolean {
  return rungs.every((one, index) => {
    const before = rungs[index - 1];
    if (!before) return one.upToPercent === 0 && one.level === 'nobody';
    const hasAuthority = concessionLevels.indexOf(one.level) >= Math.max(1, concessionLevels.indexOf(before.level));
    return one.upToPercent > before.upToPercent && hasAuthority;
  });
}

const benefits = z
  .strictObject({
    types: z
      .array(z.strictObject({ key: code, enabled: z.boolean() }))
      .max(100)
      .refine((types) => new Set(types.map(({ key }) => key)).size === types.length, 'Each key once'),
  })
  .meta({ id: 'BenefitTypes', description: 'Benefits outside the contract are forbidden in several countries' });

const minute = z.number().int().min(0).max(1_440).meta({ description: 'Minute of the business day', example: 540 });

const callWindow = z
  .strictObject({ fromMinute: minute, toMinute: minute, workdaysOnly: z.boolean() })
  .refine(({ fromMinute, toMinute }) => fromMinute < toMinute, { path: ['toMinute'], message: 'Ends after it begins' })
  .meta({ id: 'CallWindow' });

const lossSample = z
  .strictObject({ percent, noResultPercent: percent, minimumPerAgent: z.number().int().min(0).max(1_000) })
  .meta({ id: 'LossSample' });

const quietHours = z
  .strictObject({ fromMinute: minute, toMinute: minute })
  .refine(({ fromMinute, toMinute }) => toMinute < fromMinute, {
    path: ['toMinute'],
    message: 'Lies over midnight: ends in the morning, before the minute at which it begins; 1440 and 0 for none',
  })
  .meta({ id: 'QuietHours', description: 'Nobody is written to from one minute until the other, over midnight' });

const caps = z
  .strictObject({
    touchesPerDay: z.number().int().min(1).max(10),
    contactsPerWeek: z.number().int().min(1).max(100).meta({
      description: 'Effective contacts and touches in seven days; a touch over it waits, or expires',
    }),
  })
  .meta({ id: 'Caps', description: 'Over all policies, staff and channels of one customer' });

const reasonRule = z
  .strictObject({
    reason: z.enum(chosenLossReasons),
    offered: z.boolean().meta({ description: 'false: nobody may choose it any more; cases that have it keep it' }),
    needsNote: z.boolean().meta({ description: 'A note explains it; a vague one is sent back' }),
    needsEvidence: z.boolean(),
  })
  .refine(({ reason, needsNote }) => needsNote || reason !== 'other', {
    path: ['needsNote'],
    message: 'other is always explained',
  });

const lossReasonRules = z
  .strictObject({
    reasons: z
      .array(reasonRule)
      .length(chosenLossReasons.length, 'One rule for each reason that people choose')
      .refine((rules) => new Set(rules.map(({ reason }) => reason)).size === rules.length, 'Each reason once')
      .refine((rules) => rules.some((rule) => rule.offered), 'At least one reason stays on offer'),
  })
  .meta({
    id: 'LossReasonRules',
    description: 'Of the reasons that people choose; the product sets the others itself',
  });

const calendarDays = z
  .array(z.strictObject({ day, note: code.meta({ description: 'A code of your own', example: 'storm' }) }))
  .max(1_000);

const calendar = z
  .strictObject({ holidays: calendarDays, workdays: calendarDays })
  .superRefine(({ holidays, workdays }, context) => {
    const seen = new Set<string>();
    for (const [list, days] of Object.entries({ holidays, workdays })) {
      for (const [index, one] of days.entries()) {
        if (seen.has(one.day))
          context.addIssue({ code: 'custom', path: [list, index, 'day'], message: 'Each day once' });
        seen.add(one.day);
      }
    }
  })
  .meta({
    id: 'CalendarDays',
    description:
      'Days off and make-up workdays beside the published ones, or against them. What is due already stays due',
  });

const provider = code.meta({ description: 'A provider of SMS by its name', example: 'twilio' });
const order = z
  .array(provider)
  .min(1)
  .max(10)
  .refine((names) => new Set(names).size === names.length, 'Each provider once');

const smsProviders = z
  .strictObject({
    default: order,
    countries: z
      .array(
        z.strictObject({
          callingCode: z
            .string()
            .regex(/^[1-9]\d{0,2}$/)
            .meta({ description: 'Country calling code', example: '86' }),
          order,
        }),
      )
      .max(300)
      .refine(
        (all) => new Set(all.map(({ callingCode }) => callingCode)).size === all.length,
        'Each calling code once',
      ),
    templateCodes: z
      .array(
        z.strictObject({
          provider,
          template: code,
          language: z
            .string()
            .regex(/^[a-z]{2}(-[A-Za-z]{2,8})*$/)
            .meta({ example: 'zh-CN' }),
          code: z.string().min(1).max(100).meta({ example: 'SMS_154950909' }),
        }),
      )
      .max(1_000)
      .meta({ description: 'Under which code a provider that forbids free text has approved a template' }),
  })
  .meta({
    id: 'SmsProviders',
    description: 'In which order providers of SMS are tried; the next one only when the one before provably refused',
  });

/** What the content of each setting must look like. */
export const settingContents: { [Name in SettingName]: z.ZodType<SettingContents[Name]> } = {
  'concession-ladder': ladder,
  benefits,
  'call-window': callWindow,
  'loss-sample': lossSample,
  'quiet-hours': quietHours,
  caps,
  'loss-reasons': lossReasonRules,
  calendar,
  'sms-providers': smsProviders,
};
