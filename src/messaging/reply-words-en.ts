/** What English answers are read by, after `readReply` has made them plain: half-width, lower-case, without apostrophes. */

const notices =
  '(?:texts?|texting|sms|messages?|messaging|msgs?|reminders?|notifications?|spam|spamming|sending|e-?mailing|mails?)';
const refusing = '(?:dont|do not|please dont|never|no longer|rather not|not)';

/** Said around a keyword, without changing it. */
export const courtesy = /\b(?:please|and|pls|plz|kindly|thanks|thank you|thx|now|immediately|me|again)\b/g;

export const optOutWord =
  /^(?:stop(?:all|it|now)?|unsub|cancel|end|quit(?:it)?|remove|revoke|optout|enough(?:already|isenough)?)+$/;
export const optInWord = /^(?:start|unstop|yes|optin)$/;
export const helpWord = /^(?:help|info)$/;

/** Alone in a clause they are an order; the other keywords are words like any other there. */
export const ordering = /^(?:remove|stop|stopall|unsubscribe|unsub)$/;
export const longKeyword = 'unsubscribe';
/** Two letters from the keyword, and its opposite. */
export const subscribing = /^(?:re-?)?subscri/;

/** What is not to be stopped, or stops by itself. They are taken out before anything is read. */
export const protecting =
  /\b(?:dont|do not|cant|cannot|never|not to|did not|didnt|havent)(?: want to)? (?:stop|cancel|end|quit|unsubscribe)\w*|\bstop(?:ped|s)? (?:by|at|in|from|over|off|working)\b|\bnon-?stop\b/g;

export const noContact: readonly RegExp[] = [
  /\b(?:dont|do not|never|stop|cease)(?: ever)?(?: try(?:ing)? to)? (?:contact|disturb|harass|bother(?:ing)? (?:me|us))(?:ing)?\b/,
  /\b(?:dont|do not|never|stop|no)(?: ever)? (?:call|calling|calls|phone|phoning|ring|ringing)\b/,
  /\b(?:stop|cease|end|no)(?: all| any| further| more)+ (?:contact|communications?|calls)\b/,
  /\bleave (?:me|us) alone\b|\b(?:lose|forget) my (?:phone )?number\b/,
  /\b(?:rather not|prefer not to) (?:hear from (?:you|your|any)|be (?:contacted|called))/,
  /\b(?:dont|do not|no longer|never) (?:want|wish)(?: to (?:be contacted|hear)| any contact|.{0,12} contact me)/,
];
/** Only at some hours, or only by telephone: no refusal of contact. */
export const limited =
  /\b(?:before|until|till|after|during|while|when|today|tomorrow|tonight|later|(?:right|just) now|at the moment|(?<!now )on|at work|at lunch|busy|meeting|driving|working|in (?:the|an?)|weekends?|evenings?|mornings?|nights?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b/;
export const otherWay = /\b(?:text|e-?mail|message|write|sms|whatsapp)(?: to)?(?: me)?(?: instead| only| please|$)/;

export const optOut: readonly RegExp[] = [
  new RegExp(`\\b(?:stop|quit|cease|enough|cancel|block)\\b(?: \\w+){0,4} ${notices}\\b`),
  new RegExp(`\\b${refusing}(?: ever)? (?:text|sms|message|msg|spam)\\b`),
  new RegExp(
    `\\b${refusing}(?: ever| bother)? send(?:ing)? (?:\\w+ ){0,4}(?:${notices}|anything|again|(?:of )?(?:these|them))\\b`,
  ),
  new RegExp(`\\b${refusing} (?:want|wish|need|like)\\b(?: \\w+){0,6} (?:${notices}|(?:of )?(?:these|them))\\b`),
  new RegExp(
    `^(?:and )?no (?:more )?(?:of )?(?:your |these |those )?${notices}(?: please| pls| thanks?(?: you)?| from you| again)*$`,
  ),
  new RegExp(`\\b(?:turn|switch|shut)(?: off)?(?: \\w+){0,2} ${notices}(?: off)?\\b`),
  /\b(?:remove|delete|take|get|drop|erase) (?:me|(?:my|this) (?:phone |mobile )?(?:number|name|details))\b(?! to\b| a\b| the\b)/,
  /\b(?:off|out of|out from|from) (?:this|your|the|that) (?:\w+ )?(?:list|lists|database|records)\b|^block me$/,
  /\bopt(?:ed|ing)?(?: me)?[- ]out\b/,
  /\b(?:say|said|asked you to|told you to|tell you to|just) stop$/,
];

/** Written in capitals before anything else it is the keyword. */
export const loudWord = /^\W*(?:STOP|STOPALL|UNSUBSCRIBE)\b(?! (?:by|at|BY|AT)\b)/;

/** A name after "not": only its capital letter tells it from "not sure". */
export const notThisPerson = /\b(?:I['’]?m|I am|this is|This is) not (?:(?:Mr|Mrs|Ms|Miss)\b|[A-Z][a-z]+)/;
export const wrongPerson: readonly RegExp[] = [
  /\bwrong (?:number|person|guy|man|woman|customer|phone)\b/,
  /\b(?:isnt|is not|not|no longer)\b.{0,14} (?:phone|number)\b|\bnumber (?:no longer|does not|doesnt) belongs?\b/,
];
export const soldVehicle: readonly RegExp[] = [
  /\b(?:car|vehicle|truck|van|it)\b.{0,24}\b(?:sold|scrapped|totaled|totalled)\b/,
  /\b(?:sold|scrapped)\b.{0,12}\b(?:car|vehicle|truck|van)\b/,
  /\b(?:no longer|dont) (?:own|have)\b.{0,12}\b(?:car|vehicle|truck|van)\b/,
];

/** May mean an opt-out; a person reads it. */
export const suspicious = /\b(?:stop|unsub\w*|opt(?:ed)? out|spam\w*|harass\w*|complain\w*|report you|lawyer|scam)\b/;
