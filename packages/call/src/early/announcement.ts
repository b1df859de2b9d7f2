import type { UnansweredReason } from '@parley/core'

/**
 * What carriers say before nobody answers, by language; the first pattern that is found decides. The Chinese wordings are
 * those that the three mainland carriers play, each followed by its English version.
 */
const announcements: readonly (readonly [UnansweredReason, RegExp])[] = [
  ['numberNotExist', /空号|号码不存在|号码有误|拨打的号码不正确|核对后再拨|查证后再拨/],
  ['powerOff', /关机/],
  ['outOfCredit', /停机|欠费|暂停服务/],
  ['busy', /正在通话|通话中|电话正忙|占线/],
  ['voicemail', /语音信箱|留言|秘书|漏话提醒|来电提醒|短信(通知|提醒)/],
  ['noAnswer', /无人接听|暂时无人/],
  ['unreachable', /无法接通|不在服务区|不方便接听/],
  ['restricted', /呼入限制|限制呼(入|叫)/],
  ['numberNotExist', /\b(does not|doesn't|do not) exist\b|\bnot (a )?(valid|in service|in use|assigned|allocated)\b/],
  [
    'numberNotExist',
    /\bno longer in service\b|\b(has been|is) disconnected\b|\bis not recognized\b|\binvalid number\b/,
  ],
  ['numberNotExist', /\bcannot be completed as dialed\b|\bcheck the number\b|\bnot a working number\b/],
  ['powerOff', /\b(powered|switched|turned) off\b/],
  ['outOfCredit', /\b(out of service|suspended|temporarily disconnected)\b/],
  ['busy', /\b(is busy|on another call|in a call|line is engaged|talking on the phone)\b/],
  ['voicemail', /\bvoice ?mail\b|\bleave (a|your) message\b|\bafter the (tone|beep)\b/],
  ['unreachable', /\b(can ?not|can't) be (reached|connected)\b|\bout of (the )?(coverage|service area|range)\b/],
  ['unreachable', /\b(is )?(currently |temporarily )?(not available|unavailable|not reachable|unreachable)\b/],
  [
    'numberNotExist',
    /\bno existe\b|\bnúmero (marcado )?no\b|\bn'est pas attribué\b|\bnicht vergeben\b|使われておりません|없는 번호/,
  ],
  ['powerOff', /\bapagado\b|\bausgeschaltet\b|電源が入っていない|꺼져/],
  [
    'unreachable',
    /\bno (se encuentra )?disponible\b|\bnicht erreichbar\b|\bpas disponible\b|\bfora (de|da) área\b|電波の届かない/,
  ],
]

/** Sentences that a recogniser with a closed vocabulary should know. */
export const announcementHints: readonly string[] = [
  'the number you have dialed does not exist',
  'the number you have dialed is not in service',
  'please check the number and dial again',
  'your call cannot be completed as dialed',
  'the number you have dialed is powered off',
  'the subscriber you have dialed is switched off',
  'the subscriber you dialed is busy please call again later',
  'the person you are calling is not available',
  'the number you have dialed cannot be reached at the moment',
  'please leave a message after the tone',
]

/** Why nobody will answer, if these words of the network say so. */
export function reasonInWords(text: string): UnansweredReason | undefined {
  const spoken = text.toLowerCase()
  return announcements.find(([, pattern]) => pattern.test(spoken))?.[0]
}
