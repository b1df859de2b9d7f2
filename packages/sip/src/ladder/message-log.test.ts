import { legId } from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { MessageLog } from './message-log.ts'

const message = (callId: string, method = 'INVITE') =>
  Buffer.from(`${method} sip:a@b SIP/2.0\r\nCall-ID: ${callId}\r\nCSeq: 1 ${method}\r\n\r\n`)
const texts = (log: MessageLog, leg: string) => log.take(legId(leg)).map(({ wallMs, sent }) => `${wallMs} ${sent}`)

test('the messages of all attempts of a leg are taken once, in order of time', () => {
  const log = new MessageLog('full', new VirtualClock())
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
  const log = new MessageLog('full', new VirtualClock())
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

test('a leg that is over can be asked for 32 s, then nothing is kept of it', async () => {
  const clock = new VirtualClock()
  const log = new MessageLog('full', clock)
  for (const name of ['up', 'asked', 'unasked']) {
    log.record(message(name), false, 'udp:a:1', 1)
    log.bind(legId(name), name)
  }
  log.over(legId('asked'))
  log.over(legId('unasked'))
  await clock.advance(31_000)
  log.record(message('asked', 'BYE'), false, 'udp:a:1', 2)
  expect(texts(log, 'asked')).toEqual(['1 false', '2 false'])
  await clock.advance(1_000)
  log.record(message('up', 'BYE'), false, 'udp:a:1', 3)
  expect(texts(log, 'unasked')).toEqual([])
  expect(log.size).toBe(1)
  expect(texts(log, 'up')).toEqual(['1 false', '3 false'])
})

test('nothing is kept of calls that never became a leg, or whose last message came late', async () => {
  const clock = new VirtualClock()
  const log = new MessageLog('full', clock)
  for (let i = 0; i < 100; i += 1) log.record(message(`refused${i}`), false, 'udp:a:1', i)
  log.bind(legId('l'), 'call')
  log.forget(legId('l'))
  log.record(message('call', 'BYE'), false, 'udp:a:1', 1)
  expect(log.size).toBe(101)
  await clock.advance(32_000)
  log.record(message('next'), false, 'udp:a:1', 2)
  expect(log.size).toBe(1)
})

test('a call that comes again with its Call-ID is one of its own', async () => {
  const clock = new VirtualClock()
  const log = new MessageLog('full', clock)
  log.record(message('again'), false, 'udp:a:1', 1)
  log.bind(legId('first'), 'again')
  log.over(legId('first'))
  log.bind(legId('second'), 'again')
  await clock.advance(32_000)
  log.record(message('again', 'BYE'), false, 'udp:a:1', 2)
  expect(texts(log, 'second')).toEqual(['1 false', '2 false'])
  log.forget(legId('second'))
  expect(log.size).toBe(0)
})

test('a flood of refused calls does not push out the messages of calls that are up', () => {
  const log = new MessageLog('full', new VirtualClock())
  log.record(message('up'), false, 'udp:a:1', 1)
  log.bind(legId('up'), 'up')
  for (let i = 0; i < 5_000; i += 1) log.record(message(`flood${i}`), false, 'udp:a:1', i)
  expect(log.size).toBe(2_000)
  expect(texts(log, 'up')).toEqual(['1 false'])
})
