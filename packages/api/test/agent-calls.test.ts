import { applicationId, callId, type NewCall } from '@parley/core'
import { expect, test } from 'vitest'
import { agentCall } from '../src/agents/agent-call.ts'
import { agentDraft } from '../src/agents/agent-settings.ts'
import { appId } from './api-house.ts'
import { failureOf, listeningHouse } from './listening-house.ts'

const app = { SdkAppId: appId }
const page = { ...app, PageSize: 10, PageNumber: 0 }

/** An agent that sets every field of `CreateAICall` that an agent keeps and that reaches the engine. */
const fields = {
  LLMType: 'OpenAI',
  APIKey: 'sk-agent-secret',
  APIUrl: 'http://127.0.0.1:9/v1',
  SystemPrompt: 'You serve {{shop}} in {{ city }}. Say {{nothing}}.',
  Model: 'm1',
  VoiceType: 'WeRose',
  WelcomeMessage: 'Hello {{name}} from {{shop}}.',
  WelcomeMessagePriority: 2,
  MaxDuration: 30_000,
  Languages: ['en'],
  InterruptMode: 1,
  EndFunctionEnable: true,
  NotifyDuration: 12,
  NotifyMessage: 'Hello?',
  NotifyMaxCount: 2,
  VadSilenceTime: 600,
  Temperature: 0.4,
  TopP: 0.9,
  VadLevel: 2,
  EnableVoicemailDetection: true,
  LLMExtraBody: '{"seed":1}',
  MaxCallDurationMs: 120_000,
  MaxRingTimeoutSecond: 20,
  AcquireTimeoutSecond: 2,
  ExtractConfig: [{ InfoType: 'Text', InfoName: 'name' }],
  TransferToAgentEnable: true,
  TransferToAgentItems: [{ TransferToAgentName: 'to_repair', TransferToAgentDesc: 'Repairs.', TransferToAgentId: 8 }],
  Variables: [
    { Key: 'shop', Value: 'Acme' },
    { Key: 'city', Value: 'Bonn' },
    { Key: 'parley-analysis', Value: 'true' },
  ],
  Tags: [{ TagName: 'interest', TagDescription: 'In buying.', TagValues: ['high', 'low'] }],
}

async function agentHouse() {
  const house = await listeningHouse()
  house.agents.add(appId, 7, agentDraft('sales', fields, true))
  return { ...house, sdk: house.client() }
}

const taken = (calls: readonly NewCall[]): NewCall => {
  const [call] = calls
  if (!call) throw new Error('no call was made')
  return call
}

test('the official SDK calls with a stored agent, and every field of the agent has its effect', async () => {
  const { sdk, intake } = await agentHouse()
  const answer = await sdk.CreateAIAgentCall({ ...app, AIAgentId: 7, Callee: '008613000000000' })
  const call = taken(intake.calls)
  expect(answer.SessionId).toBe(call.callId)
  expect(call).toMatchObject({
    callee: '008613000000000',
    callers: [],
    limits: { ringMs: 20_000, callMs: 120_000 },
    acquireMs: 2_000,
    assistant: {
      agent: { agentId: 7, name: 'sales', version: 1 },
      instructions: 'You serve Acme in Bonn. Say {{nothing}}.',
      greeting: { kind: 'text', text: 'Hello {{name}} from Acme.' },
      greetingInterruptible: false,
      model: { model: 'm1', temperature: 0.4, topP: 0.9, extraBody: { seed: 1 } },
      voice: { name: 'WeRose' },
      recognition: { languages: ['en'] },
      farFieldSuppression: 2,
      hangUpOnMachine: true,
      turn: {
        endpointing: { timeoutMs: 600 },
        bargeIn: { speechMs: null },
        silencePrompt: { afterMs: 12_000, text: 'Hello?', maxCount: 2 },
        userSilenceLimitMs: 30_000,
      },
      tools: [{ kind: 'endCall' }, { kind: 'transferToAgent', name: 'to_repair', description: 'Repairs.', agentId: 8 }],
      afterCall: {
        extract: [{ kind: 'text', name: 'name' }],
        analyse: true,
        tags: [{ name: 'interest', description: 'In buying.', values: ['high', 'low'] }],
      },
      variables: {},
    },
  })
  expect(call.assistant.model.apiKey.reveal()).toBe('sk-agent-secret')
})

test('what the request says wins over the agent: callers, variables and limits', async () => {
  const { sdk, intake } = await agentHouse()
  await sdk.CreateAIAgentCall({
    ...app,
    AIAgentId: 7,
    Callee: '008613000000000',
    Callers: ['008601012340000'],
    PromptVariables: [
      { Key: 'name', Value: 'old' },
      { Key: 'city', Value: 'Rome' },
    ],
    Variables: [
      { Key: 'name', Value: 'Jane' },
      { Key: 'welcome-message-delay', Value: '1.5' },
    ],
    MaxRingTimeoutSecond: 9,
    AcquireTimeoutSecond: 0,
  })
  expect(taken(intake.calls)).toMatchObject({
    callers: ['008601012340000'],
    limits: { ringMs: 9_000, callMs: 120_000 },
    acquireMs: 0,
    assistant: {
      instructions: 'You serve Acme in Rome. Say {{nothing}}.',
      greeting: { text: 'Hello Jane from Acme.' },
      greetingDelayMs: 1_500,
      // What the agent has of its own does not go along to the next one.
      variables: { name: 'Jane', city: 'Rome', 'welcome-message-delay': '1.5' },
    },
  })
})

test('the official SDK lists agents by page with the variables their texts ask for', async () => {
  const { sdk, agents } = await agentHouse()
  agents.add(appId, 3, agentDraft('plain', { LLMType: 'openai', APIKey: 'k', APIUrl: 'http://127.0.0.1/' }, true))
  agents.add(appId + 1, 4, agentDraft('foreign', { LLMType: 'openai', APIKey: 'k', APIUrl: 'http://127.0.0.1/' }, true))
  expect(await sdk.DescribeAIAgentInfoList(page)).toMatchObject({
    TotalCount: 2,
    AIAgentInfoList: [
      { AIAgentId: 3, AIAgentName: 'plain', VariableNames: [] },
      { AIAgentId: 7, AIAgentName: 'sales', VariableNames: ['shop', 'city', 'nothing', 'name'] },
    ],
  })
  const second = await sdk.DescribeAIAgentInfoList({ ...page, PageSize: 1, PageNumber: 1 })
  expect(second.AIAgentInfoList?.map(({ AIAgentId }) => AIAgentId)).toEqual([7])
})

test("another application's agent is refused as one that does not exist", async () => {
  const { sdk, agents, intake } = await agentHouse()
  agents.add(appId + 1, 4, agentDraft('foreign', fields, true))
  const failures = await Promise.all(
    [4, 5].map((AIAgentId) => failureOf(sdk.CreateAIAgentCall({ ...app, AIAgentId, Callee: '008613000000000' }))),
  )
  for (const { code, message } of failures) {
    expect(code).toBe('InvalidParameterValue')
    expect(message).toBe(failures[0]?.message)
  }
  expect(intake.calls).toEqual([])
})

test('neither log nor answer shows what an agent keeps secret', async () => {
  const { sdk, logger } = await agentHouse()
  const answers = [
    await sdk.CreateAIAgentCall({ ...app, AIAgentId: 7, Callee: '008613000000000' }),
    await sdk.DescribeAIAgentInfoList(page),
  ]
  expect(JSON.stringify([answers, logger.lines])).not.toContain('sk-agent-secret')
})

test('an agent, a callee and variables make the call that the dial queue takes', () => {
  const agent = { agentId: 7, version: 3, ...agentDraft('sales', fields, true) }
  const turnDefaults = {
    endpointing: { threshold: 0.9, actionDelayMs: 300, timeoutMs: 1_000 },
    speculation: { afterMs: 100, maxPerTurn: 1, inSpeech: false, maxWastedTokens: 10 },
    bargeIn: { speechMs: 500, minWords: 2, duckAfterMs: 64, duckGainDb: -18 },
    minGapMs: 150,
  }
  const call = agentCall(
    agent,
    {
      callId: callId('3fa85f64-5717-4562-b3fc-2c963f66afa6'),
      applicationId: applicationId(appId),
      callee: '0123456789',
      uui: 'order 9',
      variables: [{ Key: 'city', Value: '' }],
      limits: { ringMs: 1_000 },
    },
    { turnDefaults, skillGroups: [], allowPrivateUrls: true },
  )
  expect(call).toMatchObject({
    callee: '0123456789',
    uui: 'order 9',
    limits: { ringMs: 1_000, callMs: 120_000 },
    acquireMs: 2_000,
    assistant: { agent: { agentId: 7, version: 3 }, instructions: 'You serve Acme in . Say {{nothing}}.' },
  })
})

test.each([
  [{ Callee: '1' }, 'Callee'],
  [{ Colour: 'red' }, 'Colour'],
  [{ APIUrl: 'ftp://model.example' }, 'APIUrl'],
  [{ VadSilenceTime: 10 }, 'VadSilenceTime'],
  [{ LLMType: undefined }, 'LLMType'],
  [{ CustomTTSConfig: '{}' }, 'CustomTTSConfig'],
  [{ Tags: [{ TagName: 'a', TagValues: [] }] }, 'Tags.0.TagValues'],
  [{ Tags: Array(2).fill({ TagName: 'a', TagValues: ['b'] }) }, 'Tags'],
])('an agent with %j is refused, naming %s', (change, field) => {
  const draft = () => agentDraft('sales', { ...fields, ...change }, true)
  expect(draft).toThrow(
    expect.objectContaining({ text: { en: expect.stringContaining(`\`${field}`), zh: expect.anything() } }),
  )
})
