import type { PhraseTable } from './phrase-table.ts';

export const untouched: PhraseTable = {
  en: {
    'opt-out': `
Pls remove my cell from your system
Stop sending these to my phone
no further texts please
I'm done with these messages, stop
I asked to be unsubscribed
Stop the reminders
please stop, I renewed elsewhere
dont message
You keep texting me, please stop
Stop, wrong time to write
I do not consent to these texts
Do not send any more reminders to me
UNSUBSCRIBE NOW
TAKE ME OFF
end these messages
`,
    'no-contact': `
do not ever contact me again
No more calls or texts from you
Stop calling me
Please leave us alone
I never want to hear from your company again
`,
    other: `
Do you stop cover when I pay late?
please start it from 1 June
I want to end up paying less
Not sure yet
Remove the second driver please
Why did you not text me earlier?
The policy was cancelled by the bank
Who is my agent now?
Don't renew without telling me the price
please stop the renewal, I sold my car
`,
  },
  zh: {
    'opt-out': `
短信别再发我手机上了
停止给我推送
不要群发给我
我已经说过不要发了
请把我的手机号从名单里去掉
再发拉黑
不要再推销了
取消提醒服务
拒收广告
都说了退订还发
你们别再发了行吗
不想要提醒
別發了
我選擇退訂
麻烦停止发短信
`,
    'no-contact': `
不要再打给我
请勿再联系本人
别找我了
以后别打电话别发短信
不要再跟我联系了谢谢
`,
    other: `
别的险种有吗
我不需要三者险
停车时发生的事故怎么报
退款什么时候到
发我个报价单
不要给我打折了直接送油卡
请联系我
现在不方便
还没到期呢
不用提醒了，我已经约好周三去续
`,
  },
};
