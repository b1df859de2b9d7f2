import { VoiceError } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { finishedCall, minimalCall, secretKey, someCallId } from './api-house.ts'
import { failureOf, listeningHouse, type Transport } from './listening-house.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const transports: readonly Transport[] = [
  { signMethod: 'TC3-HMAC-SHA256', reqMethod: 'POST' },
  { signMethod: 'TC3-HMAC-SHA256', reqMethod: 'GET' },
  { signMethod: 'HmacSHA1', reqMethod: 'POST' },
  { signMethod: 'HmacSHA1', reqMethod: 'GET' },
  { signMethod: 'HmacSHA256', reqMethod: 'POST' },
  { signMethod: 'HmacSHA256', reqMethod: 'GET' },
]

describe.each(transports)('the official SDK by $signMethod and $reqMethod', (transport) => {
  test('places a call and has nested parameters understood', async () => {
    const { client, intake } = await listeningHouse()
    const answer = await client(transport).CreateAICall({
      ...minimalCall,
      SystemPrompt: '你好，"{{name}}"\n a+b&c=d %20',
      Languages: ['en', 'zh'],
      Callers: ['008601012340000'],
      EndFunctionEnable: true,
      Temperature: 0.5,
      Variables: [{ Key: 'name', Value: '张三' }],
      ToneWord: { FirstSentenceTimeout: 1.5, ZHToneWords: { Neutral: ['嗯'] } },
    })
    expect(answer.SessionId).toMatch(uuid)
    expect(answer.RequestId).toMatch(uuid)
    const [taken] = intake.calls
    expect(taken?.callId).toBe(answer.SessionId)
    expect(taken?.callers).toEqual(['008601012340000'])
    expect(taken?.assistant).toMatchObject({
      instructions: '你好，"张三"\n a+b&c=d %20',
      recognition: { languages: ['en', 'zh'] },
      model: { temperature: 0.5 },
      tools: [{ kind: 'endCall' }],
      turn: { filler: { afterMs: 1500, words: ['嗯'] } },
    })
  })

  test('reads call records', async () => {
    const { client, records } = await listeningHouse()
    const nowS = Math.floor(Date.now() / 1000)
    records.calls.push(finishedCall({ createdAtMs: (nowS - 100) * 1000 }))
    const answer = await client(transport).DescribeTelCdr({
      SdkAppId: minimalCall.SdkAppId,
      StartTimeStamp: nowS - 3600,
      EndTimeStamp: nowS,
      PageSize: 10,
      PageNumber: 0,
      SessionIds: [someCallId],
    })
    expect(answer.TotalCount).toBe(1)
    expect(answer.TelCdrList?.[0]?.SessionId).toBe(someCallId)
    expect(answer.TelCdrs).toEqual(answer.TelCdrList)
  })

  test('surfaces an error with its code and request id', async () => {
    const { client } = await listeningHouse()
    const failure = await failureOf(client(transport).CreateAICall({ ...minimalCall, VadSilenceTime: 10 }))
    expect(failure).toMatchObject({ code: 'InvalidParameterValue', requestId: expect.stringMatching(uuid) })
    expect(failure.message).toContain('VadSilenceTime')
  })

  test('is refused with a wrong key', async () => {
    const { client, intake } = await listeningHouse()
    expect(await failureOf(client(transport, 'wrong').CreateAICall(minimalCall))).toMatchObject({
      code: 'AuthFailure.SignatureFailure',
      requestId: expect.stringMatching(uuid),
    })
    expect(intake.calls).toHaveLength(0)
  })
})

test('the official SDK works with a path in its endpoint', async () => {
  const { client, intake } = await listeningHouse()
  await client(undefined, secretKey, '/tccc').CreateAICall(minimalCall)
  expect(intake.calls).toHaveLength(1)
})

test('the official SDK hears every refusal by its code', async () => {
  const { client, intake, control, records } = await listeningHouse()
  const sdk = client()
  const session = { SdkAppId: minimalCall.SdkAppId, SessionId: someCallId }
  const codeOf = async (work: Promise<unknown>) => (await failureOf(work)).code

  expect(await codeOf(sdk.CreateAICall({ ...minimalCall, SdkAppId: 1 }))).toBe('InvalidParameterValue.InstanceNotExist')
  intake.answer = { kind: 'refused', reason: 'noNumber' }
  expect(await codeOf(sdk.CreateAICall(minimalCall))).toBe('FailedOperation.NoCallOutNumber')
  intake.answer = { kind: 'refused', reason: 'noCapacity' }
  expect(await codeOf(sdk.CreateAICall(minimalCall))).toBe('FailedOperation.AcquireQuota')
  intake.answer = new VoiceError('STORE_FAILED')
  expect(await codeOf(sdk.CreateAICall(minimalCall))).toBe('InternalError.DBError')
  expect(await codeOf(sdk.HangUpCall(session))).toBe('FailedOperation.SessionNotExists')
  records.calls.push(finishedCall({ state: 'answered' }))
  control.failure = new VoiceError('CALL_NOT_CONTROLLABLE')
  expect(
    await codeOf(sdk.ControlAIConversation({ ...session, Command: 'InvokeLLM', InvokeLLM: { Content: 'x' } })),
  ).toBe('FailedOperation.SessionNotInControlState')
  expect(await codeOf(sdk.CreateUserSig({ SdkAppId: 1400000000, Uid: 'u' } as never))).toBe('UnsupportedOperation')
  expect(await codeOf(sdk.request('NoSuchAction', {}))).toBe('InvalidAction')
  expect(await codeOf(sdk.request('HangUpCall', session, { skipSign: true } as never))).toBe(
    'AuthFailure.InvalidAuthorization',
  )
})
