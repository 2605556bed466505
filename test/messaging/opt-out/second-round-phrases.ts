import type { PhraseTable } from './phrase-table.ts';

export const secondRound: PhraseTable = {
  en: {
    'opt-out': `
Stop pls and thank you
Can you stop messaging me?
Please cease and desist sending me SMS
I've asked you to stop texting me twice
take my name off your marketing list
how many times do I have to say stop
I don't want texts from insurance companies
unsubscribe from all
Stopp
STOP 2 END
no more of your texts
Please don't send me renewal reminders
I wish to opt-out of text messages
get me off this list
quit texting me
stop ur msgs
Don't bother sending me more of these
turn these notifications off
`,
    'no-contact': `
I don't want to hear from you again
Please do not contact me in any form
Never phone or write to me again
Lose my number
cease all contact
`,
    other: `
Non-stop problems with your website
Will you stop my direct debit?
If I cancel now what do I get back?
Could you text me the policy number again
Nothing to add, end of story, send the renewal papers
The text said 3 March but my cover ends on the 4th
Do not worry, I will pay on Friday
I can't end the call on your phone line, help
Don't send it to my old address please
I had to stop driving, health reasons
`,
  },
  zh: {
    'opt-out': `
麻烦以后别发了好吗
能不能别再发这种短信
请停止给我发送信息
退订短信
我不需要这些提醒
把我从你们系统里移除
收到够多了，停止
tuiding
TD 谢谢
短信不要发了
不想看到你们的短信
每天发烦不烦，退了
别再推送了
删除我的手机号
取消短信通知
再骚扰就报警
请勿发送
莫再发
`,
    'no-contact': `
不需要你们联系
以后别跟我联系了
请停止一切联系
不要再来电话
拒绝一切来电和短信
`,
    other: `
我没收到短信，再发一次
别停我的保险
保单不要作废
可以不要交强险只买商业险吗
发个链接给我
别人发的短信和你们说的不一样
要退的话找谁
不用了，我自己去门店办
停售了吗这个险种
下次别发那么晚，早点提醒
`,
  },
};
