import { legId } from '@parley/core'
import { expect, test } from 'vitest'
import { MessageLog } from './message-log.ts'

const message = (callId: string, method = 'INVITE') =>
  Buffer.from(`${method} sip:a@b SIP/2.0\r\nCall-ID: ${callId}\r\nCSeq: 1 ${method}\r\n\r\n`)
const texts = (log: MessageLog, leg: string) => log.take(legId(leg)).map(({ wallMs, sent }) => `${wallMs} ${sent}`)

test('the messages of all attempts of a leg are taken once, in order of time', () => {
  const log = new MessageLog('full')
  log.record(message('first'), true, 'udp:a:1', 10)
  log.bind(legId('l'), 'first')
  log.record(message('second'), true, 'udp:b:1', 30)
  log.bind(legId('l'), 'second')
  log.record(message('first'), false, 'udp:a:1', 40)
  log.record(message('second'), false, 'udp:b:1', 50)
  log.record(message('other'), false, 'udp:b:1', 60)
  expect(texts(log, 'l')).toEqual(['10 true', '30 true', '40 false', '50 false'])
  expect(texts(log, 'l')).toEqual([])
  log.record(message('second', 'BYE'), true, 'udp:b:1', 70)
  expect(texts(log, 'l')).toEqual(['70 true'])
  log.forget(legId('l'))
  expect(texts(log, 'l')).toEqual([])
})

test('what is no call, or no message, is not kept, and nothing grows without bound', () => {
  const log = new MessageLog('full')
  log.record(message('o', 'OPTIONS'), true, 'udp:a:1', 1)
  log.record(Buffer.from('garbage'), false, 'udp:a:1', 1)
  log.bind(legId('o'), 'o')
  expect(texts(log, 'o')).toEqual([])
  for (let i = 0; i < 500; i += 1) log.record(message('chatty'), true, 'udp:a:1', i)
  for (let i = 0; i < 1_990; i += 1) log.record(message(`flood${i}`), true, 'udp:a:1', i)
  log.bind(legId('c'), 'chatty')
  expect(log.take(legId('c'))).toHaveLength(200)
  for (let i = 0; i < 2_000; i += 1) log.record(message(`more${i}`), true, 'udp:a:1', i)
  log.bind(legId('f'), 'flood1')
  expect(log.take(legId('f'))).toHaveLength(0)
})
