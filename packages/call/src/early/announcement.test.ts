import { expect, test } from 'vitest'
import { announcementHints, reasonInWords } from './announcement.ts'

test.each([
  ['您好，您拨打的号码是空号，请核对后再拨。', 'numberNotExist'],
  ['对不起，您拨打的电话已关机。', 'powerOff'],
  ['您拨打的用户已停机', 'outOfCredit'],
  ['您拨打的电话正在通话中，请稍后再拨', 'busy'],
  ['您拨打的电话暂时无法接通', 'unreachable'],
  ['您拨打的用户不在服务区', 'unreachable'],
  ['请在提示音后留言', 'voicemail'],
  ['The number you have dialed does not exist', 'numberNotExist'],
  ['Sorry, the number you dialed is not in service.', 'numberNotExist'],
  ['your call cannot be completed as dialed please check the number and dial again', 'numberNotExist'],
  ['The subscriber you dialed is powered off', 'powerOff'],
  ['the person you are calling is not available right now', 'unreachable'],
  ['El número marcado no existe', 'numberNotExist'],
  ['Der Teilnehmer ist vorübergehend nicht erreichbar', 'unreachable'],
])('"%s" means %s', (text, reason) => {
  expect(reasonInWords(text)).toBe(reason)
})

test.each(['please wait while we connect you', '请稍等，正在为您接通', 'thank you for calling', ''])(
  '"%s" means nothing yet',
  (text) => expect(reasonInWords(text)).toBeUndefined(),
)

test('a recogniser with a closed vocabulary is given sentences that mean something', () => {
  for (const hint of announcementHints) expect([hint, reasonInWords(hint)]).not.toEqual([hint, undefined])
})
