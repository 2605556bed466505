import type { PhraseTable } from './phrase-table.ts';

export const heldOut: PhraseTable = {
  en: {
    'opt-out': `
Stop
STOP ALL
Stop all.
unsubscribe
Unsubscribe!
UNSUBSCRIBE ME
cancel
end
quit
s.t.o.p
st op
stop stop stop
STOP please
pls stop
Stop these texts
Please stop sending texts
kindly stop sending these reminders
stop spamming me
Stop with the SMS
Do not text me
do not send me any messages
don't message me any more
please dont sms this number again
No more messages.
no more reminders thank you
I don't want to receive your texts
I do not want to get any more of these
delete my number from your list
please remove my number
unsubscirbe
opt me out
I'd like to opt out
unsub
Remove me
STOP. I already said no.
not interested, stop texting
`,
    'no-contact': `
Do not contact me
please don't contact me any more
never contact me again
stop calling and texting me
stop contacting me
don't call me, don't text me, ever
Leave me alone please!
I do not want to be contacted
`,
    'opt-in': `
Start
start!
unstop
YES
START please
`,
    help: `
help
Help.
info
`,
    'wrong-person': `
Wrong person
sorry, wrong number
I'm not Zhang Wei
you have the wrong number
this number no longer belongs to her
`,
    'sold-vehicle': `
Car sold
we sold that car in May
I no longer have this car
It was written off and scrapped
`,
    other: `
I don't want to stop my insurance
do not cancel it
Will my cover end on Sunday?
at the end of the day, price matters
can you stop by on Monday?
My wife will quit her job, does it change the premium?
I was told to stop at the garage first
Please start the renewal
start date of the new policy?
Does this text mean that I have to pay twice?
Text me the price
Please don't forget to send me the quote
send it again please
I need help with the payment
is the cancellation fee refunded?
I did not receive your text
No more than 5000, please
What happens if I cancel?
Call me
Thank you!
Not yet, next week
Can I remove my son as a driver?
`,
  },
  zh: {
    'opt-out': `
Td
TD退订
t
退订！
退订谢谢
我要退订
请退订
退.订
退 訂
回复退订
取消訂閱
取消接收
拒绝接收
拒绝短信
不要再发
不要发了
不要再发短信了
请不要再给我发了
别再发了
别再给我发信息
不要给我发短信
别发短信了行不行
不必再发
停止发短信
请停止
不想收短信
不需要短信提醒
不要再傳訊息給我
請不要再發簡訊
屏蔽
从名单中删除我
把我号码删了
别老发短信，烦
再发短信我就举报了
骚扰短信别发了
TD!
`,
    'no-contact': `
请不要再联系我
不要联系我
別再聯絡我
不要再打电话也别发短信
别再打电话了
别来烦我
请勿打扰
以后都不要找我了
`,
    'opt-in': `
恢复短信
恢復訂閱
重新接收
取消退订
`,
    help: `
帮助。
求助
`,
    'wrong-person': `
你打错了
发错了
我不姓王
你们号码弄错了
我不认识王芳
这车不是我的
`,
    'sold-vehicle': `
车子卖掉了
车已过户
已经报废了
我把车转给亲戚了
车没了，去年卖的
`,
    other: `
千万不要退保
退保能退多少
到期了吗
不要忘记提醒我
不要太贵
停在路边被刮了
别急，我下周续
发我看看
再发一遍
短信我没收到
请再发一次报价
取消保单要扣钱吗
不要电话，短信联系
下午联系我
订好了吗
谢谢
不了，先考虑一下
能退差价吗
我没有退订
价格不要再涨了
T恤衫能理赔吗
电话打不通
怎么不发短信提醒了
车停在小区丢了
`,
  },
};
