import type { PhraseTable } from './phrase-table.ts';

export const thirdRound: PhraseTable = {
  en: {
    'opt-out': `
Stop it!
Stop texting
stop, I have told you already
Unsubscribe pls, thx
I never signed up for this, stop
do NOT text this number
Please take this number off your records
Don't send me promotional messages
No thanks, stop the reminders
I'd rather not get these texts
Not interested. Remove.
STOP sending these
cancel these texts
I want out of this list
stop bugging me with texts
I did not agree to receive these messages, stop
Can I opt out of this?
block me
STOPP!!
u n s u b s c r i b e
`,
    'no-contact': `
Please don't contact me about this again
Do not call me or text me ever again
stop harassing me
Never contact this number again
I don't want you to contact me
`,
    other: `
Can you stop the automatic payment?
My policy ends in May, right?
Where do I start?
Don't let it expire
Please text me when the office opens
Is there a bus stop near your branch?
I'd like to end my current contract with another company first
Message me on Monday
no
ok
I don't want the roadside assistance
Cancel the glass cover only
I never got a reminder last year
Don't send a letter, text is fine
My phone number has changed to another one
`,
  },
  zh: {
    'opt-out': `
不要发短信给我
退订，谢谢
请取消短信服务
我不要收短信
以后别再发了
别再给我发这些东西
求你们别发了
不想再看见你们的短信了
停止骚扰短信
T D
回TD退订
短信太多了，请停止
請停止傳送
不需要，退订
麻烦把我的号码删除
再给我发信息我就去投诉
请不要发送营销短信
屏蔽你们
够了，别发
不感兴趣，别再发信息
`,
    'no-contact': `
别再骚扰我了
请不要再跟我联系
不要给我打电话发短信了
别再来电话了
不接受任何电话和短信
`,
    other: `
请发一份保单给我
什么时候发保单
我想退掉划痕险
能停几个月吗
不要涨价
请停止扣款
没发过来
可以退吗
别家报价更低
提醒我下个月续
不用发纸质保单，电子的就行
手机号换了
不
好
我不要交车船税可以吗
`,
  },
};
