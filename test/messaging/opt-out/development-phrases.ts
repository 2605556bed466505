import type { PhraseTable } from './phrase-table.ts';

export const development: PhraseTable = {
  en: {
    'opt-out': `
STOP
stop
Stop.
STOPALL
stop all
UNSUBSCRIBE
unsubscribe me please
Unsubcribe
CANCEL
END
QUIT
STOP!!!
ＳＴＯＰ
S T O P
  stop  
"STOP"
Please stop texting me
stop sending me messages
no more texts please
don't text me again
Dont send me any more sms
remove me from your list
take me off this list
I don't want these messages
opt out
OPT-OUT
please opt me out of these texts
I want to unsubscribe from these reminders
I no longer wish to receive texts from you
Stop messaging this number
enough with the texts already, stop
🛑
STOP 🙏
no sms pls
stpo
how do I unsubscribe?
`,
    'no-contact': `
Do not contact me again
don't contact me anymore
Never call or text me again
stop contacting me in any way
Please do not call or message me again
leave me alone
I don't want any contact from your company
no calls, no texts, nothing
`,
    'opt-in': `
START
start
UNSTOP
Yes
start again please
`,
    help: `
HELP
INFO
help!
`,
    'wrong-person': `
wrong number
You have the wrong person
I am not Mr Wang
This isn't Wang's phone any more
You've got the wrong number, mate
`,
    'sold-vehicle': `
I sold the car
the vehicle was sold last month
Car has been scrapped
I don't own that car any more
`,
    other: `
please don't stop my cover
Don't cancel my policy
Can I cancel the appointment on Friday?
When does my policy end?
What is the end date?
How do I stop it from lapsing?
The car stopped working, is it covered?
I stopped by your office yesterday
Please call me at the end of the week
Please call me tomorrow
ok thanks
How much?
Send me the quote by text
Stop by tomorrow with the papers
Yes please renew it
Can you email me instead?
Did the cancellation of my old policy go through?
I will renew at the end of the month
no problem
Don't call before noon, text me instead
I can't stop worrying about the renewal, please call
Is it too late to cancel with my other insurer?
`,
  },
  zh: {
    'opt-out': `
TD
td
T
退订
退订。
退 订
退訂
回复TD
ＴＤ
回T退订
取消订阅
拒收
拒收短信
不要再发了
别发了
别再发短信了
不要再给我发短信了
请不要再发信息
不用再发了，谢谢
停止发送
停
退
我不想收到你们的短信
不想再收到这类短信
別再傳簡訊了
請勿再發送
取消短信
请把我从名单里删掉
别给我发消息了
烦死了别发了
再发我就投诉
垃圾短信，退订
退定
不接收短信
🚫别发
怎么退订
`,
    'no-contact': `
不要再联系我
别再联系我了
请勿联系
以后不要打电话也不要发短信
不要再打电话给我了
别打扰我
不要再騷擾我
永远别再找我
`,
    'opt-in': `
恢复订阅
重新订阅
恢复接收
开始接收短信
`,
    help: `
帮助
幫助
`,
    'wrong-person': `
打错了
你发错人了
我不是王先生
号码错了
不认识这个人
这不是我的车
`,
    'sold-vehicle': `
车已经卖了
车卖了
车早就过户了
这车报废了
车子转让给别人了
`,
    other: `
不要退保
我不想退保
什么时候到期
退保要什么手续
退多少钱
怎么续保
多少钱
好的
收到，谢谢
别忘了给我报价
请发报价给我
不要停保
停车位被撞了算不算
保险不要断了
我要续保
明天打电话给我
不要发邮件，发短信就行
你是谁？
发票什么时候发
发了吗？
退一步说价格能再低吗
订单取消了吗
别的公司便宜些
能不能取消划痕险
`,
  },
};
