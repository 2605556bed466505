import { Decimal } from 'decimal.js';
import type { Budget } from '../db/concessions/concession-budget.ts';
import type { ConcessionRefusal } from '../renewal/concession.ts';
import type { ConcessionPage } from '../reporting/concession-page.ts';
import { badFields, Problem } from './doors/problem.ts';

/** A concession as it is answered, also on the page of its case. */
export function answerConcession({ branchId: _branchId, asks, ...concession }: ConcessionPage) {
  const { percent, premium } = concession;
  const premiumAfter = new Decimal(premium).times(new Decimal(100).minus(percent)).div(100).toFixed(2);
  const answeredAsks = asks.map(({ concessionId: _concessionId, ...ask }) => ask);
  return { ...concession, percent: Number(percent), premiumAfter, asks: answeredAsks };
}

export function answerBudget({ mix, band }: Budget) {
  const { customers, meanPercent, targetPercent } = mix;
  const { upToPercent, left } = band;
  return { upToPercent, left, usedUp: left !== null && left <= 0, customers, meanPercent, targetPercent };
}

/** Why a request is refused: what no case may have is 422, what this one may not have yet 409. */
export function concessionRefused(refusal: ConcessionRefusal): Problem {
  switch (refusal) {
    case 'above-the-ladder':
      return badFields([{ path: 'percent', message: 'More than anybody may approve' }]);
    case 'below-the-floor':
      return badFields([{ path: 'percent', message: 'The premium would fall below the floor' }]);
    case 'benefit-off':
      return badFields([{ path: 'benefit', message: 'No benefit of this name is switched on' }]);
    case 'benefit-before-whole-fee':
      return badFields([{ path: 'benefit', message: 'Comes on top of the whole agency fee only' }]);
    case 'step-skipped':
      return conflict(refusal, 'No step may be jumped: the one before has not been approved or rejected on this case.');
    case 'granted-already':
      return conflict(refusal, 'As much has been approved on this case; ask for more than that, or for nothing.');
    case 'budget-used-up':
      return conflict(refusal, 'The band of the budget that this falls into is used up.');
  }
}

function conflict(code: ConcessionRefusal, detail: string): Problem {
  return new Problem({ status: 409, code, detail });
}
