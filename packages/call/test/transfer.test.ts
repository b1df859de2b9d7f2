import { callId, type SkillGroup, type TransferLine, type TrunkLines, VoiceError } from '@parley/core'
import { settle } from '@parley/testkit'
import { expect, test } from 'vitest'
import { teardownMs } from '../src/call.ts'
import { summaryMs } from '../src/call-summary.ts'
import { sampleGroup as group } from './sample-group.ts'
import { createStage, type Stage } from './stage.ts'

const prompt = group.holdPrompt
const summary = 'She wants to buy.'
const isSummary = (text: string | undefined) => text?.startsWith('A colleague') === true

/** An answered call whose greeting was said, in which an operator has asked for a human. */
async function transferring(
  changes: Partial<SkillGroup> = {},
  hangs = false,
  takeLine?: TrunkLines['take'],
): Promise<Stage> {
  const stage = createStage({
    ...(takeLine && { takeLine }),
    skillGroups: [{ ...group, ...changes }],
    reply: (messages) => (isSummary(messages[0]?.text) ? (hangs ? 'hang' : summary) : 'Nobody is there.'),
  })
  await stage.place('a')
  await stage.clock.advance(0)
  stage.signalling.tell({ type: 'answered', sdp: 'v=0' })
  await stage.clock.advance(2_000)
  await stage.host.transfer(callId('a'), 7)
  await stage.clock.advance(1_000)
  return stage
}

const types = ({ stored }: Stage) => stored.map(({ body }) => body.type).filter((type) => type.startsWith('transfer.'))
const outcomes = ({ stored }: Stage) => stored.flatMap(({ body }) => (body.type === 'call.ended' ? [body.outcome] : []))

async function end(stage: Stage, hungUp: readonly number[]): Promise<void> {
  await stage.clock.advance(teardownMs)
  expect(stage.signalling.hungUp).toEqual(
    expect.arrayContaining(hungUp.map((index) => stage.signalling.dialled[index]?.leg)),
  )
  expect(stage.openStreams()).toBe(0)
  expect(stage.host.liveCalls).toBe(0)
  expect(stage.clock.pendingTimers).toBe(0)
}

test('the caller is asked to wait, the human is told what it is about, then both are joined', async () => {
  const stage = await transferring()
  const { signalling, clock, spoken } = stage
  expect(signalling.dialled[1]).toMatchObject({ trunk: 'carrier', caller: '+1', callee: 'one' })
  expect(spoken).toEqual(['Hello.', prompt])
  await clock.advance(6_000)
  expect(spoken.filter((text) => text === prompt).length).toBe(2)
  signalling.tell({ type: 'ringing', status: 180 }, 1)
  signalling.tell({ type: 'answered', sdp: 'v=0' }, 1)
  await clock.advance(500)
  expect(spoken.at(-1)).toBe(summary)
  expect(stage.bridges()).toBe(0)
  await clock.advance(2_000)
  expect(stage.bridges()).toBe(1)
  const prompts = spoken.length
  await clock.advance(20_000)
  expect(spoken.length).toBe(prompts)
  const asked = stage.chatModel.requests[0]
  expect(asked?.messages.at(-1)?.text).toBe('Assistant: Hello.')
  expect(asked?.options.tools).toEqual([])

  signalling.tell({ type: 'bye' }, 1)
  await clock.advance(0)
  signalling.tell({ type: 'bye' })
  await end(stage, [0])
  expect(outcomes(stage)).toEqual([{ kind: 'transferred', by: 'human' }])
  const ladders = stage.stored.flatMap(({ body }) => (body.type === 'signalling.messages' ? body.messages : []))
  expect(ladders.map(({ text }) => text)).toContain(signalling.dialled[1]?.leg)
  expect(stage.stored.at(-1)?.body.type).toBe('call.ended')
  expect(types(stage).map((type) => type.slice(9))).toEqual(['started', 'ringing', 'answered', 'joined', 'ended'])
})

test('a summary that is late is not waited for', async () => {
  const stage = await transferring({}, true)
  stage.signalling.tell({ type: 'answered', sdp: 'v=0' }, 1)
  await stage.clock.advance(summaryMs - 1_100)
  expect(stage.bridges()).toBe(0)
  await stage.clock.advance(200)
  expect(stage.bridges()).toBe(1)
  expect(stage.spoken).toEqual(['Hello.', prompt])
})

test('without a summary the human hears the caller at once', async () => {
  const stage = await transferring({ summary: false })
  stage.signalling.tell({ type: 'answered', sdp: 'v=0' }, 1)
  await stage.clock.advance(10)
  expect(stage.bridges()).toBe(1)
  expect(stage.chatModel.requests).toEqual([])
})

test('when nobody takes it the assistant goes on, and the model knows why', async () => {
  const stage = await transferring()
  const { signalling, clock } = stage
  signalling.tell({ type: 'rejected', status: 486, reason: 'Busy Here' }, 1)
  await clock.advance(100)
  expect(signalling.dialled[2]).toMatchObject({ callee: 'two' })
  await clock.advance(group.ringMs)
  expect(signalling.hungUp).toEqual([signalling.dialled[2]?.leg])
  signalling.tell({ type: 'rejected', status: 487, reason: '' }, 2)
  await clock.advance(3_000)
  expect(stage.spoken.at(-1)).toBe('Nobody is there.')
  const messages = stage.chatModel.requests.at(-1)?.messages ?? []
  expect(messages.map(({ role }) => role)).toEqual(['assistant', 'system'])
  expect(messages.at(-1)?.text).toContain('The transfer failed')
  const said = stage.spoken.length
  await clock.advance(30_000)
  expect(stage.spoken.length).toBe(said)
  expect(stage.openStreams()).toBe(1)

  await stage.host.transfer(callId('a'), 7)
  await clock.advance(100)
  expect(signalling.dialled[3]).toMatchObject({ callee: 'one' })
  signalling.tell({ type: 'bye' })
  await clock.advance(0)
  signalling.tell({ type: 'rejected', status: 487, reason: '' }, 3)
  await end(stage, [3])
  expect(outcomes(stage)).toEqual([{ kind: 'completed', by: 'user' }])
})

test('a caller who hangs up while it rings leaves no leg behind, even when the human side is mute', async () => {
  const stage = await transferring()
  stage.signalling.tell({ type: 'bye' })
  await stage.clock.advance(100)
  expect(stage.signalling.hungUp).toContain(stage.signalling.dialled[1]?.leg)
  await end(stage, [1])
  expect(types(stage)).toEqual(['transfer.started', 'transfer.failed'])
})

test('a human whose codec is not ours is passed over', async () => {
  const stage = await transferring()
  stage.signalling.tell({ type: 'answered', sdp: 'no codec' }, 1)
  await stage.clock.advance(100)
  expect(stage.signalling.hungUp).toEqual([stage.signalling.dialled[1]?.leg])
  expect(stage.signalling.dialled[2]).toMatchObject({ callee: 'two' })
})

test('closing the host in the middle of a transfer hangs everybody up', async () => {
  const stage = await transferring()
  stage.signalling.tell({ type: 'answered', sdp: 'v=0' }, 1)
  await stage.clock.advance(5_000)
  const closed = stage.host[Symbol.asyncDispose]()
  await stage.clock.advance(2 * teardownMs)
  await closed
  await end(stage, [0, 1])
})

test('a human is called when the trunk has a line for that; without one for anybody the assistant goes on', async () => {
  const asked: TransferLine[] = []
  const stage = await transferring({}, false, async (line) => {
    asked.push(line)
    return false
  })
  await stage.clock.advance(3_000)
  expect(asked).toEqual([
    { callId: 'a', attempt: 0, trunk: 'carrier', caller: '+1' },
    { callId: 'a', attempt: 1, trunk: 'carrier', caller: '+1' },
  ])
  expect(stage.signalling.dialled).toHaveLength(1)
  expect(stage.openStreams()).toBe(1)
  expect(stage.spoken.at(-1)).toBe('Nobody is there.')
})

test('a caller who hangs up while a line is waited for leaves no leg behind', async () => {
  let grant: (granted: boolean) => void = () => {}
  const stage = await transferring({}, false, (_line, signal) => {
    signal.addEventListener('abort', () => grant(false))
    return new Promise((resolve) => {
      grant = resolve
    })
  })
  stage.signalling.tell({ type: 'bye' })
  await stage.clock.advance(100)
  expect(stage.signalling.dialled).toHaveLength(1)
  await end(stage, [])
  expect(outcomes(stage)).toEqual([{ kind: 'completed', by: 'user' }])
})

test('a store that does not answer stops no transfer', async () => {
  const stage = await transferring({}, false, async () => {
    throw new VoiceError('STORE_FAILED')
  })
  expect(stage.signalling.dialled[1]).toMatchObject({ callee: 'one' })
})

test('a blind transfer asks the peer to call the human, and the call is over when it does', async () => {
  const stage = await transferring({ mode: 'refer' })
  expect(stage.signalling.commands).toContainEqual({ type: 'refer', uri: 'sip:one@carrier' })
  expect(stage.signalling.dialled).toHaveLength(1)
  stage.signalling.tell({ type: 'transfer', status: 200 })
  await stage.clock.advance(0)
  stage.signalling.tell({ type: 'bye' })
  await end(stage, [0])
  expect(outcomes(stage)).toEqual([{ kind: 'transferred' }])
})

test("an attended transfer asks the caller's side to take our place with the human who was told, and ends both legs", async () => {
  const stage = await transferring({ mode: 'attended' })
  const { signalling, clock } = stage
  signalling.tell({ type: 'answered', sdp: 'v=0' }, 1)
  await clock.advance(3_000)
  expect(stage.spoken.at(-1)).toBe(summary)
  expect(signalling.commands).toContainEqual({ type: 'refer.into', leg: signalling.dialled[1]?.leg })
  expect(stage.bridges()).toBe(0)
  signalling.tell({ type: 'transfer', status: 200 })
  await clock.advance(0)
  signalling.tell({ type: 'bye' }, 1)
  signalling.tell({ type: 'bye' })
  await end(stage, [0, 1])
  expect(outcomes(stage)).toEqual([{ kind: 'transferred' }])
})

test('a caller whose side cannot take our place is joined by us', async () => {
  const stage = await transferring({ mode: 'attended', summary: false })
  stage.signalling.tell({ type: 'answered', sdp: 'v=0' }, 1)
  await stage.clock.advance(10)
  stage.signalling.tell({ type: 'transfer', status: 405 })
  await stage.clock.advance(10)
  expect(stage.bridges()).toBe(1)
})

test('an unknown group, an unknown call and a call without a talk are refused by name', async () => {
  const stage = await transferring()
  await expect(stage.host.transfer(callId('b'), 7)).rejects.toMatchObject({ code: 'CALL_NOT_FOUND' })
  await expect(stage.host.transfer(callId('a'), 8)).rejects.toMatchObject({ code: 'SKILL_GROUP_NOT_FOUND' })
  await expect(stage.host.transfer(callId('a'), 7)).rejects.toMatchObject({ code: 'CALL_NOT_CONTROLLABLE' })
})

test('the line of a human is taken when nothing but the INVITE is left to do', async () => {
  const line = Promise.withResolvers<boolean>()
  const stage = await transferring({}, false, () => line.promise)
  expect(stage.openStreams()).toBe(2)
  expect(stage.signalling.dialled).toHaveLength(1)
  line.resolve(true)
  await settle()
  expect(stage.signalling.dialled[1]).toMatchObject({ callee: 'one' })
})
