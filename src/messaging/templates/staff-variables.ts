import { daysBetween, type Day } from '../../renewal/calendar.ts';
import type { Variables } from '../liquid.ts';
import { maskPlate, oneLine } from '../one-line.ts';
import { staffWordingOf } from './shipped.ts';
import type { StaffFacts, StaffItem, StaffTemplateKey } from './staff-facts.ts';
import type { TemplateLanguage } from './template.ts';
import { wordingOf } from './wording.ts';

const longestName = 60;
const longestModel = 30;

/** A mail to staff with the facts of its own key. */
export type StaffRequest = {
  [Key in StaffTemplateKey]: { template: Key; facts: StaffFacts[Key] };
}[StaffTemplateKey] & { language: TemplateLanguage };

/** The variables that texts to staff may name, by the facts of their key; what is null is an empty text. */
export function staffVariables(request: StaffRequest): Variables {
  const { language, facts } = request;
  const day = (on: Day): string => wordingOf(language).writeDay(on);
  const items = (list: readonly StaffItem[]): Variables[] =>
    list.map((item) => itemVariables(item, facts.today, language));
  const name = (value: string): string => oneLine(value, longestName);
  const common = { recipient: name(facts.recipient), today: day(facts.today), link: facts.link };
  switch (request.template) {
    case 'morning-digest': {
      const { due, overdue } = request.facts;
      return { ...common, due, overdue, items: items(request.facts.items) };
    }
    case 'key-tracking-list': {
      const { unit, count } = request.facts;
      return { ...common, unit: name(unit), count, items: items(request.facts.items) };
    }
    case 'half-month-list': {
      const { unit, from, to, count, changed, differences } = request.facts;
      const span = { from: day(from), to: day(to) };
      return { ...common, unit: name(unit), ...span, count, changed, differences: items(differences) };
    }
    case 'escalation': {
      const { item, stage, owner } = request.facts;
      const [only] = items([item]);
      return { ...common, item: only, stage: staffWordingOf(language).stages[stage], owner: name(owner) };
    }
    case 'hand-over': {
      const { formerOwner, count, dueOn } = request.facts;
      return { ...common, formerOwner: name(formerOwner), count, dueOn: day(dueOn) };
    }
  }
}

function itemVariables(item: StaffItem, today: Day, language: TemplateLanguage): Variables {
  const wording = wordingOf(language);
  const { plate, model } = item;
  return {
    policy: Array.from(oneLine(item.policyNumber, longestName)).slice(-6).join(''),
    customer: `${Array.from(oneLine(item.customer, longestName)).slice(0, 1).join('')}**`,
    vehicle: plate ? maskPlate(oneLine(plate, longestModel)) : oneLine(model ?? '', longestModel),
    expiresOn: wording.writeDay(item.expiresOn),
    remaining: wording.remaining(Math.max(0, daysBetween(today, item.expiresOn))),
    dueOn: item.dueOn === null ? '' : wording.writeDay(item.dueOn),
    why: staffWordingOf(language).reasons[item.why],
    link: item.link,
  };
}
