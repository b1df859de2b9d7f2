import { digitGroups, phoneGroups, phonePattern } from './digit-groups.ts'
import { cardinalZh, digitsZh } from './numbers-zh.ts'
import { type Found, type SpeechRule, speechRule } from './verbalise.ts'

const between = '(?:号|号码|是|为|的|您|请|联系|咨询|我们|：|:|，|\\s|“|"|#){0,4}$'
/** What is read digit by digit after these words, up to a few characters in between ("验证码是：", "尾号为"). */
const codeWords = new RegExp(
  `(?:验证码|校验码|取件码|邀请码|识别码|编码|代码|密码|口令|单号|号码|编号|账号|帐号|卡号|尾号|学号|工号|车牌|邮编|房号|分机|QQ)${between}`,
  'u',
)
/** The same, unless something is counted ("订单100个", "转200元"). */
const likelyCodeWords = new RegExp(
  `(?:订单|房间|工单|案件|电话|手机|热线|客服|拨打|致电|来电|拨|按|转|航班|车次|微信)${between}`,
  'u',
)
/** What is read digit by digit before these words. */
const codeFollowers = /^ ?(?:室|房|热线|号房|开头|结尾)/u
/** Whatever is counted; a year or an order number is not followed by any of these. */
const counters =
  /^ ?(?:[个只条张件位名人天周秒次种家本台辆元块吨倍间份瓶杯盒箱套米升步票册头页条字点分角毛岁公千万亿平小分像度]|多|余|左右|美)/u

const groupsZh = (groups: readonly string[]): string => groups.map(digitsZh).join('，')

/** Telephone, card and order numbers, and codes. */
export const digitRulesZh: readonly SpeechRule[] = [
  speechRule(phonePattern, ({ text, before }) => {
    const isMobile = /^1[3-9]\d{9}$/u.test(text)
    const groups = phoneGroups(text, isMobile || codeWords.test(before) || likelyCodeWords.test(before))
    return groups && `${text.startsWith('+') ? '加' : ''}${groupsZh(groups)}`
  }),
  speechRule(
    /(?<letters>[A-Z]{1,4})-?(?<digits>\d{3,12})(?![A-Za-z\d])/u,
    ({ part }) => `${[...part('letters')].join(' ')} ${groupsZh(digitGroups(part('digits')))}`,
  ),
  speechRule(/24\/7(?!\d)/u, () => '全天候'),
  speechRule(/\d{1,9}(?:\.\d{1,9}){2,5}(?![A-Za-z\d])/u, ({ text }) => text.split('.').map(cardinalZh).join('点')),
]

/** A whole number without a sign, a unit or separators: a code, a year, or a quantity. */
export function integerZh(digits: string, { before, after }: Pick<Found, 'before' | 'after'>): string {
  const isCounted = counters.test(after)
  const isLikely = likelyCodeWords.test(before) && !isCounted
  const isCode =
    digits.length > 1 && (codeWords.test(before) || isLikely || (digits.length > 2 && codeFollowers.test(after)))
  if (/^0\d/u.test(digits) || isCode) return groupsZh(digitGroups(digits))
  if (/^(?:1[1-9]|20)\d\d$/u.test(digits) && /^ ?(?:年|届|级|款|财年)/u.test(after)) return digitsZh(digits)
  const isRound = digits.endsWith('00') && digits.length < 13
  return digits.length < 5 || isRound || isCounted ? cardinalZh(digits) : groupsZh(digitGroups(digits))
}
