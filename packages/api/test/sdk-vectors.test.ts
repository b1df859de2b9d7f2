import { readFileSync } from 'node:fs'
import { applicationId, callId, Secret } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { apiHouse, finishedCall } from './api-house.ts'
import { FakeExtensions } from './fake-extensions.ts'
import type { ApiResponse } from './signed-inject.ts'

interface SdkVector {
  readonly name: string
  readonly kind: 'tc3' | 'v1'
  readonly action: string
  readonly secretId: string
  readonly secretKey: string
  readonly timestamp: number
  readonly request: {
    readonly method: 'GET' | 'POST'
    readonly target: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
  readonly expect: string
}

const languages = ['go', 'python', 'java']
const appId = 1_400_000_001
const [noNumber, noExtension] = ['`Number` is no number of this application', '`ExtensionId` is no extension']
const noTask = '`TaskId` names no task'
/** The house has not what these name, which is what an understood request is told. */
const notThere: Readonly<Record<string, string>> = {
  BindNumberCallOutSkillGroup: noNumber,
  UnbindNumberCallOutSkillGroup: noNumber,
  BindNumberCallInInterface: noNumber,
  DisableCCCPhoneNumber: '`PhoneNumbers` is no number of this application',
  CreateOwnNumberApply: 'The trunk is declared in parley.yaml',
  ModifyOwnNumberApply: 'The trunk is declared in parley.yaml',
  CreateAIAgentCall: '`AIAgentId` is not an agent of this application',
  CreateAutoCalloutTask: '`AIAgentId` names no agent',
  DescribeAutoCalloutTask: noTask,
  PauseAutoCalloutTask: noTask,
  ResumeAutoCalloutTask: noTask,
  StopAutoCalloutTask: noTask,
  DescribeExtension: noExtension,
  ModifyExtension: noExtension,
  ResetExtensionPassword: noExtension,
  DeleteExtension: noExtension,
  PlaySoundCall: 'The file does not exist',
  UpdateCCCSkillGroup: 'skill group',
  DeleteCCCSkillGroup: 'skill group',
}
const onLiveCalls = ['ControlAIConversation', 'HangUpCall', 'TransferToManual']

function vectorsOf(language: string): readonly SdkVector[] {
  const url = new URL(`./fixtures/sdk-vectors/${language}.json`, import.meta.url)
  return (JSON.parse(readFileSync(url, 'utf8')) as { readonly vectors: readonly SdkVector[] }).vectors
}

/** Sends what the SDK sent to an API that has its key, and whose clock stands where the SDK's stood. */
async function replay(vector: SdkVector, change: Partial<SdkVector['request']> = {}) {
  const keys = [{ secretId: vector.secretId, secretKey: new Secret(vector.secretKey) }]
  const house = apiHouse(
    {
      applications: [{ applicationId: applicationId(appId), keys }],
      skillGroups: [{ id: 7, name: 'desk' }],
      extensions: new FakeExtensions(),
    },
    vector.timestamp * 1000,
  )
  const { method, target, headers, body } = { ...vector.request, ...change }
  const [id] = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(target + body) ?? []
  if (id) {
    const state = onLiveCalls.includes(vector.action) ? 'answered' : 'ended'
    const createdAtMs = (vector.timestamp - 100) * 1000
    const ids = { callId: callId(id), applicationId: applicationId(appId) }
    house.records.calls.push(finishedCall({ ...ids, state, createdAtMs }))
  }
  const answer = await house.api.server.inject({ method, url: target, headers, payload: body })
  const { Response } = answer.json<{ Response: ApiResponse }>()
  return { ...house, code: Response.Error?.Code, response: Response, contentType: answer.headers['content-type'] }
}

describe.each(languages)('what the official %s SDK sent', (language) => {
  const vectors = vectorsOf(language)
  const valid = vectors.filter((vector) => vector.expect === 'valid')

  test('is here for every transport', () => {
    expect(valid.length).toBeGreaterThan(40)
    const transports = new Set(vectors.map(({ name }) => / by (\S+ \S+?),? ?/.exec(`${name} `)?.[1]))
    expect(transports.size).toBe(6)
    expect(vectors.length - valid.length).toBe(6)
  })

  test.each(vectors)('$name', async (vector) => {
    const { response, contentType } = await replay(vector)
    const { Code: code, Message: message } = response.Error ?? {}
    if (vector.expect !== 'valid') expect(code).toBe(vector.expect)
    else if (notThere[vector.action] === undefined) expect(message).toBeUndefined()
    else expect(message).toContain(notThere[vector.action])
    // Python takes an answer of any other type for a success.
    expect(contentType).toBe('application/json')
  })

  test.each(valid)('does not verify with another body or query: $name', async (vector) => {
    const { method, target, body } = vector.request
    const extra = vector.kind === 'v1' ? '&Extra=1' : ' '
    const change = method === 'GET' ? { target: `${target}&Extra=1` } : { body: body + extra }
    const headers = { ...vector.request.headers }
    for (const name of Object.keys(headers)) if (/^content-length$/i.test(name)) delete headers[name]
    expect((await replay(vector, { ...change, headers })).code).toBe('AuthFailure.SignatureFailure')
  })

  test.each(valid.filter(({ action }) => action === 'CreateAICall'))('is understood: $name', async (vector) => {
    const { intake } = await replay(vector)
    expect(intake.calls).toHaveLength(1)
    expect(intake.calls[0]).toMatchObject({
      callers: ['+8675500000001'],
      assistant: {
        instructions: '你是客服 张三 é.\nBe "brief" + kind; 50% off & a=b?',
        recognition: { languages: ['en', 'zh'] },
        model: { temperature: 0.5, topP: 1 },
        tools: [{ kind: 'endCall' }],
        turn: { filler: { afterMs: 3500, words: ['嗯'] } },
        afterCall: {
          analyse: true,
          extract: [
            { kind: 'text', name: 'wish' },
            { kind: 'selector', name: 'colour', choices: ['red', 'blue'] },
          ],
        },
      },
    })
  })
})
