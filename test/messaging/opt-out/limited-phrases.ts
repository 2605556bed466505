import type { PhraseTable } from './phrase-table.ts';

/** No calls for now: whoever writes so is asked, not left alone. And the wish to be written to again. */
export const limited: PhraseTable = {
  en: {
    other: `
Don't call, I'm in a meeting
Please don't call. I am driving
Do not disturb me, I'm at work
don't phone me right now, try on Monday
Stop calling! I'm busy, tomorrow is fine
Don't ring. Later please
no calls today, thanks
Don't call me, I'm working nights
SUBSCRIBE
Subscribe me please
I want to subscribe again
resubscribe
`,
    'no-contact': `
Don't call me from now on, I renewed elsewhere
never call me again, I mean it
`,
    'opt-out': `
unsubscribed
I want to unsubcribe
`,
  },
  zh: {
    other: `
别打电话，我在开会
今天别打，明天再说
不要打电话，我在上班
别打来了，正忙
现在不方便，别打电话
请勿打扰，在休息
先别打电话，晚点联系
别打给我，开车呢
`,
    'no-contact': `
别打电话，也别发短信，永远别联系我
不要再打来了，烦
`,
  },
};
