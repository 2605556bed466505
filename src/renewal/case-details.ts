import type { Moment } from './agenda.ts';
import type { CaseState } from './case-state.ts';
import type { Outcome } from './loss.ts';

/** The state of a case as a Markdown table for the Temporal Web UI; codes and business days only, no personal data. */
export function describeCase(state: CaseState, next: Moment): string {
  const rows: [string, string][] = [
    ['stage', state.stage ?? 'not opened yet'],
    ['next', describeMoment(next)],
    ['result that counts in this stage', state.resultCounted ? 'recorded' : 'none yet'],
    ['last result', state.lastResult ?? 'none'],
    ['attempts without contact', String(state.attempts)],
    ['second round', state.secondRound ? `running, reason ${state.secondRound.reason}` : 'no'],
    ['held', state.heldUntil === undefined ? 'no' : `until ${new Date(state.heldUntil).toISOString()}`],
    ['owner', state.owned ? 'has one' : 'orphan: touches pause'],
    ['escalated', state.escalated ? 'yes' : 'no'],
    ['messages', describeMessages(state)],
    ['plan', `version ${state.planVersion}, expires ${state.plan?.expiresOn ?? '?'}`],
  ];
  if (state.closed) rows.unshift(['outcome', `**${describeOutcome(state.closed)}**`]);
  return ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

/** What a moment waits for, in a phrase with its business day; also the summary of the timer. */
export function describeMoment(moment: Moment): string {
  switch (moment.kind) {
    case 'case-opens':
      return 'the case opens';
    case 'stage-opens':
      return `${moment.stage} opens on ${moment.on}`;
    case 'stage-by-calendar':
      return `to the stage of the calendar: ${moment.detour}`;
    case 'touch-due':
      return `${moment.template} (${moment.touch}) on ${moment.on}`;
    case 'messages-released':
      return `held ${moment.messages.map(({ touch, channel }) => `${touch} ${channel}`).join(', ')} may go`;
    case 'call-back-due':
      return 'the promised call-back';
    case 'hold-ends':
      return 'the hold ends';
    case 'second-round-opens':
      return 'the second round opens';
    case 'second-round-ends':
      return "the second round's deadline; silence confirms the loss";
    case 'grace-ends':
      return `closes as lost on ${moment.on} unless a result comes`;
    case 'case-closes':
      return `closes: ${describeOutcome(moment.ending.outcome)}`;
    case 'nothing-left':
      return 'nothing';
  }
}

export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'renewed':
      return outcome.early ? 'renewed, early' : 'renewed';
    case 'lost':
      return `lost: ${outcome.reason}${outcome.renewable ? '' : ' (not renewable)'}`;
    case 'orphan-handed-off':
      return `orphan handed off to ${outcome.channel}`;
  }
}

function describeMessages(state: CaseState): string {
  const sent = state.touched.length === 0 ? 'none yet' : state.touched.join(', ');
  const held = state.waiting.map((message) => `${message.touch} ${message.channel}`).join(', ');
  return held ? `done: ${sent}; held: ${held}` : `done: ${sent}`;
}
