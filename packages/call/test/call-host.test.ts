import { callId, legId } from '@parley/core'
import { settle } from '@parley/testkit'
import { expect, test } from 'vitest'
import { teardownMs } from '../src/call.ts'
import { callSpec, createStage, type Stage } from './stage.ts'

const bodies = ({ stored }: Stage) => stored.map((event) => event.body.type)
const ends = ({ stored }: Stage) => stored.flatMap(({ body }) => (body.type === 'call.ended' ? [body] : []))

async function answeredCall(stage: Stage, id = 'a'): Promise<void> {
  await stage.place(id)
  await settle()
  stage.signalling.tell({ type: 'ringing', status: 180 }, stage.signalling.dialled.length - 1)
  stage.signalling.tell({ type: 'answered', sdp: 'v=0' }, stage.signalling.dialled.length - 1)
  await stage.clock.advance(1000)
}

test('a call is written down from dialling to its end, in order, and leaves nothing open', async () => {
  const stage = createStage()
  await answeredCall(stage)
  stage.signalling.tell({ type: 'bye' })
  await stage.clock.advance(1000)
  expect(bodies(stage).slice(0, 4)).toEqual(['call.dialing', 'call.ringing', 'call.answered', 'recording.started'])
  expect(bodies(stage)).toContain('assistant.said')
  expect(bodies(stage).at(-1)).toBe('call.ended')
  expect(stage.stored.map((event) => event.seq)).toEqual(stage.stored.map((_, index) => index + 1))
  expect(ends(stage)).toEqual([
    {
      type: 'call.ended',
      outcome: { kind: 'completed', by: 'user' },
      recording: { path: '/recordings/a.wav', bytes: 32_044, durationMs: 1000 },
      quality: {
        codec: 'PCMA',
        encrypted: false,
        uplink: { packetsReceived: 90, packetsLost: 10, packetsDiscarded: 0, jitterMs: 1.5, mos: 3.5 },
        downlink: { packetsSent: 100, lateTicks: 0 },
      },
    },
  ])
  expect(stage.openStreams()).toBe(0)
  expect(stage.host.liveCalls).toBe(0)
  expect(stage.clock.pendingTimers).toBe(0)
})

test('placing the same call twice dials once', async () => {
  const stage = createStage()
  await Promise.all([stage.place('a'), stage.place('a')])
  await stage.place('a')
  await settle()
  expect(stage.signalling.dialled).toHaveLength(1)
})

test('a call beyond the capacity is refused, and taken when there is room again', async () => {
  const stage = createStage({ maxCalls: 1 })
  await stage.place('a')
  await expect(stage.place('b')).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' })
  await settle()
  stage.signalling.tell({ type: 'rejected', status: 486, reason: 'Busy Here' })
  await stage.clock.advance(100)
  await stage.place('b')
  expect(stage.host.liveCalls).toBe(1)
})

test('a call whose media take longer to open than its slot lasts is not dialled, leaves nothing behind, and may come again', async () => {
  const stage = createStage({ openMs: 300 })
  const placed = stage.place('a', stage.clock.nowMs() + 100)
  const refused = expect(placed).rejects.toMatchObject({ code: 'SLOT_MISSED' })
  await stage.clock.advance(5_000)
  await refused
  expect(stage.signalling.dialled).toEqual([])
  expect(stage.stored).toEqual([])
  expect([stage.openStreams(), stage.host.liveCalls, stage.clock.pendingTimers]).toEqual([0, 0, 0])
  await expect(stage.host.hangup(callId('a'))).rejects.toMatchObject({ code: 'CALL_NOT_FOUND' })
  const again = stage.place('a', stage.clock.nowMs() + 400)
  await stage.clock.advance(1_000)
  await again
  expect(stage.signalling.dialled).toHaveLength(1)
  expect(bodies(stage)).toEqual(['call.dialing'])
})

test('the INVITE of a call leaves before anything is made ready for its answer', async () => {
  const stage = createStage()
  const order: string[] = []
  Object.assign(stage.chatModel, { prewarm: async () => void order.push('prewarm') })
  const dial = stage.signalling.dial.bind(stage.signalling)
  stage.signalling.dial = (request) => {
    order.push('INVITE')
    return dial(request)
  }
  await stage.place('a')
  expect(order).toEqual(['INVITE', 'prewarm'])
})

test('an answer without a common codec hangs up and says why', async () => {
  const stage = createStage()
  await stage.place('a')
  await settle()
  stage.signalling.tell({ type: 'answered', sdp: 'no codec' })
  await settle()
  expect(stage.signalling.commands).toContainEqual({ type: 'hangup' })
  stage.signalling.tell({ type: 'bye' })
  await stage.clock.advance(100)
  expect(ends(stage)).toMatchObject([{ outcome: { kind: 'failed', code: 'MEDIA_NO_COMMON_CODEC' } }])
})

test('a journal that fails for a while loses nothing and repeats nothing', async () => {
  const stage = createStage()
  stage.failJournal(5)
  await answeredCall(stage)
  stage.signalling.tell({ type: 'bye' })
  await stage.clock.advance(30_000)
  expect(stage.stored.map((event) => event.seq)).toEqual(stage.stored.map((_, index) => index + 1))
  expect(ends(stage)).toHaveLength(1)
})

test('control reaches a call only while there is somebody to talk with', async () => {
  const stage = createStage()
  const say = {
    text: 'Hi.',
    interrupt: false,
    endCallAfter: false,
    whenBusy: 'queue',
    interruptible: true,
    remember: false,
  } as const
  await expect(stage.host.say(callId('a'), say)).rejects.toMatchObject({ code: 'CALL_NOT_FOUND' })
  await stage.place('a')
  await expect(stage.host.say(callId('a'), say)).rejects.toMatchObject({ code: 'CALL_NOT_CONTROLLABLE' })
  await settle()
  stage.signalling.tell({ type: 'answered', sdp: 'v=0' })
  await stage.clock.advance(1000)
  await stage.host.say(callId('a'), say)
  await stage.host.hangup(callId('a'))
  stage.signalling.tell({ type: 'bye' })
  await stage.clock.advance(100)
  expect(ends(stage)).toMatchObject([{ outcome: { kind: 'completed', by: 'operator' } }])
})

test('closing the host ends every call with a hang-up and waits for its record, even when the far end is mute', async () => {
  const stage = createStage()
  await answeredCall(stage, 'a')
  await answeredCall(stage, 'b')
  const closed = stage.host[Symbol.asyncDispose]()
  await stage.clock.advance(teardownMs + 1000)
  await closed
  expect(stage.signalling.commands.filter((command) => command.type === 'hangup')).toHaveLength(2)
  expect(ends(stage).map((end) => end.outcome)).toEqual([
    { kind: 'failed', code: 'SHUTDOWN' },
    { kind: 'failed', code: 'SHUTDOWN' },
  ])
  await expect(stage.place('c')).rejects.toMatchObject({ code: 'SHUTDOWN' })
})

test('an incoming call without an offer gets ours and talks once the answer is there', async () => {
  const stage = createStage()
  const leg = legId('in')
  const invite = { leg, trunk: 'carrier', caller: '1', callee: '2' }
  const spec = { ...callSpec('a'), direction: 'inbound' } as const
  expect(await stage.host.offer(invite, spec, new AbortController().signal)).toEqual({
    kind: 'answer',
    sdp: 'v=0 offer',
  })
  expect(bodies(stage)).toEqual(['call.incoming'])
  stage.signalling.dialled.push({ leg, trunk: '', caller: '', callee: '', sdp: '' })
  stage.signalling.tell({ type: 'answered', sdp: 'v=0' })
  await stage.clock.advance(1000)
  expect(bodies(stage)).toContain('call.answered')
  stage.signalling.tell({ type: 'bye' })
  await stage.clock.advance(100)
  expect(ends(stage)).toHaveLength(1)
})

test('a key that comes in media and by signalling is pressed once', async () => {
  const stage = createStage()
  await answeredCall(stage)
  const atMs = stage.clock.nowMs()
  stage.tellMedia({ type: 'dtmf', key: '4', durationMs: 100, atMs })
  await stage.clock.advance(40)
  stage.signalling.tell({ type: 'dtmf', key: '4' })
  stage.signalling.tell({ type: 'dtmf', key: '2' })
  await stage.clock.advance(100)
  const keys = stage.stored.flatMap(({ body }) => (body.type === 'dtmf' ? [body.key] : []))
  expect(keys).toEqual(['4', '2'])
})

test('a key that media cannot carry is sent by signalling', async () => {
  const stage = createStage()
  await answeredCall(stage)
  stage.tellMedia({ type: 'dtmf.signal', key: '9', durationMs: 100, atMs: stage.clock.nowMs() })
  await settle()
  expect(stage.signalling.commands).toContainEqual({ type: 'dtmf', key: '9', durationMs: 100 })
})

test('recording is paused and goes on, which is written down; what is said meanwhile is not', async () => {
  const stage = createStage()
  await expect(stage.host.pauseRecording(callId('a'), true)).rejects.toMatchObject({ code: 'CALL_NOT_FOUND' })
  await stage.place('a')
  await settle()
  await expect(stage.host.pauseRecording(callId('a'), true)).rejects.toMatchObject({ code: 'CALL_NOT_CONTROLLABLE' })
  stage.signalling.tell({ type: 'answered', sdp: 'v=0' })
  await settle()
  await stage.host.pauseRecording(callId('a'), true)
  await stage.host.pauseRecording(callId('a'), true)
  await stage.clock.advance(3_000)
  await stage.host.pauseRecording(callId('a'), false)
  stage.tellMedia({ type: 'dtmf', atMs: stage.clock.nowMs(), key: '1', durationMs: 100 })
  await settle()
  stage.signalling.tell({ type: 'bye' })
  await stage.clock.advance(1_000)
  expect(stage.pauses).toEqual([true, false])
  const written = bodies(stage)
  expect(written.filter((type) => /^recording|said|dtmf/.test(type))).toEqual([
    'recording.started',
    'recording.paused',
    'recording.resumed',
    'dtmf',
  ])
  expect(stage.stored.map((event) => event.seq)).toEqual(stage.stored.map((_, index) => index + 1))
})
