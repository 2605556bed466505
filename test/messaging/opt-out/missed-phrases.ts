import type { PhraseTable } from './phrase-table.ts';

/** Refusals that were shown to be missed, others like them, and answers with the same words that refuse nothing. */
export const missed: PhraseTable = {
  en: {
    'opt-out': `
enough already
Enough!
quit it
Quit it, please
R
`,
    'no-contact': `
I would rather not hear from you
I'd prefer not to hear from your company
I'd rather not be contacted again
`,
    other: `
Is that enough?
Enough for the mirror too?
I have had the car long enough, what is it worth
How do I quit it if I move abroad?
R u there
I'd rather not pay by card
I would rather not hear about another increase
I'd rather not hear from you before Monday
`,
  },
  zh: {
    'opt-out': `
我不想再收到这些了
不想收到你们的任何东西
不再接收
本人不再接收此类
够了
够了！！
夠了
受够了
`,
    'no-contact': `
勿扰
请勿扰
請勿擾，謝謝
`,
    other: `
保额够了，不用再加
够了，按这个方案办
这些够不够
为什么我不再收到账单了
我不想再收到罚单
你们是不是不再接收新车投保
我不想收到错的保单
勿扰模式下能收到报价吗
正在开会，请勿扰
`,
  },
};
