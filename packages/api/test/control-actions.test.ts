import { applicationId, VoiceError } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { apiHouse, appId, finishedCall, someCallId } from './api-house.ts'
import { call } from './signed-inject.ts'

const session = { SdkAppId: appId, SessionId: someCallId }

function liveCall(state: 'created' | 'answered' | 'ending' | 'ended' = 'answered') {
  const skillGroups = [
    { id: 7, name: 'sales' },
    { id: 8, name: 'of somebody else', applicationIds: [applicationId(appId + 1)] },
  ]
  const house = apiHouse({ skillGroups })
  house.records.calls.push(finishedCall({ state }))
  return house
}

test('a pushed text carries all its switches', async () => {
  const { api, control } = liveCall()
  const say = (push: object) =>
    call(api, 'ControlAIConversation', { ...session, Command: 'ServerPushText', ServerPushText: push })
  await say({ Text: 'Plain.' })
  await say({ Text: 'All.', Interrupt: true, StopAfterPlay: true, DropMode: 1, Priority: 1, AddHistory: true })
  expect(control.said.map(({ request }) => request)).toEqual([
    ...[
      { text: 'Plain.', interrupt: false, endCallAfter: false, whenBusy: 'drop', interruptible: true, remember: false },
    ],
    ...[{ text: 'All.', interrupt: true, endCallAfter: true, whenBusy: 'queue', interruptible: false, remember: true }],
  ])
})

test('InvokeLLM gives the model a user turn', async () => {
  const { api, control } = liveCall()
  const command = { Command: 'InvokeLLM', InvokeLLM: { Content: 'Say bye.', Interrupt: true } }
  expect((await call(api, 'ControlAIConversation', { ...session, ...command })).Error).toBeUndefined()
  expect(control.asked).toEqual([{ callId: someCallId, request: { text: 'Say bye.', interrupt: true } }])
})

test.each([
  [{}, 'MissingParameter', 'Command'],
  [{ Command: 'Stop' }, 'InvalidParameterValue', 'Command'],
  [{ Command: 'ServerPushText' }, 'MissingParameter', 'ServerPushText.Text'],
  [{ Command: 'ServerPushText', ServerPushText: { Text: ' ' } }, 'MissingParameter', 'ServerPushText.Text'],
  [
    { Command: 'ServerPushText', ServerPushText: { Text: 'x', DropMode: 2 } },
    'InvalidParameterValue',
    'ServerPushText.DropMode',
  ],
  [
    { Command: 'ServerPushText', ServerPushText: { Text: 'x', Interrupt: 1 } },
    'InvalidParameter',
    'ServerPushText.Interrupt',
  ],
  [{ Command: 'ServerPushText', ServerPushText: { Audio: '%%' } }, 'InvalidParameterValue', 'Audio'],
  [{ Command: 'InvokeLLM', InvokeLLM: {} }, 'MissingParameter', 'InvokeLLM.Content'],
])('the command %j is refused with %s', async (command, code, text) => {
  const { api, control } = liveCall()
  const { Error: error } = await call(api, 'ControlAIConversation', { ...session, ...command })
  expect(error?.Code).toBe(code)
  expect(error?.Message).toContain(text)
  expect([...control.said, ...control.asked]).toEqual([])
})

test('a call that nobody holds cannot be controlled, an unknown one does not exist', async () => {
  const { api, control } = liveCall()
  const command = { Command: 'InvokeLLM', InvokeLLM: { Content: 'x' } }
  control.failure = new VoiceError('CALL_NOT_FOUND')
  const codeOf = async (changes: object = {}) =>
    (await call(api, 'ControlAIConversation', { ...session, ...command, ...changes })).Error?.Code
  expect(await codeOf()).toBe('FailedOperation.SessionNotInControlState')
  control.failure = new VoiceError('CALL_NOT_CONTROLLABLE')
  expect(await codeOf()).toBe('FailedOperation.SessionNotInControlState')
  expect(await codeOf({ SessionId: 'unknown' })).toBe('FailedOperation.SessionNotExists')
})

test('hanging up reaches the call, or withdraws it when it was not dialled', async () => {
  const live = liveCall()
  expect(await call(live.api, 'HangUpCall', session)).toEqual({ RequestId: expect.any(String) })
  expect(live.control.hungUp).toEqual([someCallId])

  const waiting = liveCall('created')
  await call(waiting.api, 'HangUpCall', session)
  expect(waiting.intake.withdrawn).toEqual([someCallId])
  expect(waiting.control.hungUp).toEqual([])

  const tooLate = liveCall('created')
  tooLate.intake.canWithdraw = false
  await call(tooLate.api, 'HangUpCall', session)
  expect(tooLate.control.hungUp).toEqual([someCallId])
})

test.each(['ending', 'ended'] as const)('hanging up a call that is %s is a success', async (state) => {
  const over = liveCall(state)
  expect((await call(over.api, 'HangUpCall', session)).Error).toBeUndefined()
  expect(over.control.hungUp).toEqual([])
})

/** Lets the request arrive, then time pass until it is answered. */
async function hangUpWithTime({ api, clock }: ReturnType<typeof liveCall>) {
  const pending = call(api, 'HangUpCall', session)
  let isAnswered = false
  void pending.finally(() => {
    isAnswered = true
  })
  for (let round = 0; round < 200 && !isAnswered; round += 1) await clock.advance(50)
  return pending
}

test('hanging up a call that ends meanwhile is a success', async () => {
  const house = liveCall()
  house.control.hangup = async () => {
    house.records.calls[0] = finishedCall({ state: 'ended' })
    throw new VoiceError('CALL_NOT_FOUND')
  }
  expect((await hangUpWithTime(house)).Error).toBeUndefined()
})

test('a call that no engine holds yet is hung up as soon as one does', async () => {
  const house = liveCall('created')
  house.intake.canWithdraw = false
  let attempts = 0
  house.control.hangup = async () => {
    attempts += 1
    if (attempts < 4) throw new VoiceError('CALL_NOT_FOUND')
  }
  expect((await hangUpWithTime(house)).Error).toBeUndefined()
  expect(attempts).toBe(4)
})

test('hanging up a call that nobody ever holds is refused after a while', async () => {
  const house = liveCall()
  house.control.failure = new VoiceError('CALL_NOT_FOUND')
  expect((await hangUpWithTime(house)).Error?.Code).toBe('FailedOperation.SessionNotInControlState')
  expect(house.clock.nowMs()).toBeLessThan(5000)
  expect(house.clock.pendingTimers).toBe(0)
})

test('hanging up an unknown call says so', async () => {
  const { api } = apiHouse()
  expect((await call(api, 'HangUpCall', session)).Error?.Code).toBe('FailedOperation.SessionNotExists')
})

describe('TransferToManual', () => {
  const transfer = async (changes: object = {}, failure?: VoiceError) => {
    const house = liveCall()
    house.control.failure = failure
    const answer = await call(house.api, 'TransferToManual', { ...session, SkillGroupId: 7, ...changes })
    return { code: answer.Error?.Code, transferred: house.control.transferred }
  }

  test('hands the call to the group', async () => {
    expect(await transfer()).toEqual({ code: undefined, transferred: [{ callId: someCallId, skillGroupId: 7 }] })
  })

  test.each([
    ['a session that is not there', { SessionId: 'unknown' }, undefined, 'FailedOperation.SessionNotExists'],
    ['a session nobody holds', {}, 'CALL_NOT_FOUND', 'FailedOperation.SessionNotExists'],
    ['a session without a talk', {}, 'CALL_NOT_CONTROLLABLE', 'FailedOperation.SessionNotExists'],
    ['a group this engine does not know', {}, 'SKILL_GROUP_NOT_FOUND', 'InvalidParameterValue.SkillGroupError'],
    ['a group that is not there', { SkillGroupId: 9 }, undefined, 'InvalidParameterValue.SkillGroupError'],
    ['a group of somebody else', { SkillGroupId: 8 }, undefined, 'InvalidParameterValue.SkillGroupError'],
    [
      'such a group whatever the call is',
      { SkillGroupId: 8 },
      'CALL_NOT_FOUND',
      'InvalidParameterValue.SkillGroupError',
    ],
    ['no group at all', { SkillGroupId: undefined }, undefined, 'MissingParameter'],
    ['a foreign application', { SdkAppId: 1 }, undefined, 'InvalidParameterValue.InstanceNotExist'],
  ] as const)('refuses %s', async (_name, changes, failure, code) => {
    const refused = await transfer(changes, failure && new VoiceError(failure))
    expect(refused).toEqual({ code, transferred: [] })
  })
})
