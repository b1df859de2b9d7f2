import { turnDefaults } from '@parley/core'
import { describe, expect, test } from 'vitest'
import { apiHouse, appId, type HouseOptions, minimalCall } from './api-house.ts'
import { call, callByGet } from './signed-inject.ts'

async function accepted(parameters: Record<string, unknown> = {}, options: HouseOptions = {}) {
  const house = apiHouse(options)
  const answer = await call(house.api, 'CreateAICall', { ...minimalCall, ...parameters })
  const [taken] = house.intake.calls
  if (!taken) throw new Error(`not taken: ${JSON.stringify(answer)}`)
  expect(answer).toEqual({ SessionId: taken.callId, RequestId: expect.any(String) })
  return { ...house, taken, answer }
}

test('the smallest call gets the documented defaults', async () => {
  const { taken } = await accepted()
  expect(taken).toMatchObject({
    applicationId: appId,
    callee: '008613000000000',
    callers: [],
    limits: {},
    acquireMs: 5000,
  })
  expect(taken.assistant.model.apiKey.reveal()).toBe('sk-very-secret-key')
  expect({ ...taken.assistant, model: undefined }).toEqual({
    instructions: '',
    model: undefined,
    voice: {},
    recognition: { languages: ['zh'], hints: ['抱歉，我没听清。', '您可以重复下吗？'] },
    farFieldSuppression: 0,
    greeting: { kind: 'none' },
    greetingInterruptible: true,
    greetingDelayMs: 0,
    turn: {
      ...turnDefaults,
      endpointing: { ...turnDefaults.endpointing, timeoutMs: 1000 },
      bargeIn: turnDefaults.bargeIn,
      silencePrompt: { afterMs: 10_000, text: '抱歉，我没听清。您可以重复下吗？', maxCount: Number.MAX_SAFE_INTEGER },
      userSilenceLimitMs: 60_000,
      filler: null,
      apology: '抱歉，我遇到了技术问题。再见。',
    },
    tools: [],
  })
  expect(taken.assistant.model).toMatchObject({
    protocol: 'openai',
    baseUrl: 'http://127.0.0.1:9/v1',
    headers: { 'X-Task-Id': taken.callId, 'X-Sdk-App-Id': String(appId) },
  })
})

test('turn-taking of the installation holds where the request says nothing', async () => {
  const installation = {
    endpointing: { threshold: 0.7, actionDelayMs: 400, timeoutMs: 5000 },
    speculation: { afterMs: 200, maxPerTurn: 1, inSpeech: true, maxWastedTokens: 100 },
    bargeIn: { speechMs: 5000, minWords: 3, duckAfterMs: 90, duckGainDb: -12 },
    minGapMs: 300,
  }
  const { taken } = await accepted({ VadSilenceTime: 600 }, { turnDefaults: installation })
  expect(taken.assistant.turn).toMatchObject({
    ...installation,
    endpointing: { threshold: 0.7, actionDelayMs: 400, timeoutMs: 600 },
    bargeIn: installation.bargeIn,
  })
})

test('the least silence before acting is never above the time-out of the call', async () => {
  const { taken } = await accepted({ VadSilenceTime: 240 })
  expect(taken.assistant.turn.endpointing).toEqual({ ...turnDefaults.endpointing, actionDelayMs: 240, timeoutMs: 240 })
})

test('every field with an effect reaches the engine', async () => {
  const { taken } = await accepted({
    LLMType: 'OpenAI',
    SystemPrompt: 'You serve {{shop}}. Be short.',
    Model: 'm1',
    VoiceType: 'WeRose',
    Callers: ['008601012340000', '+8613100000000'],
    WelcomeMessage: 'Hello from {{shop}}.',
    WelcomeMessagePriority: 2,
    MaxDuration: 30_000,
    Languages: ['en', 'zh'],
    InterruptSpeechDuration: 300,
    EndFunctionEnable: true,
    EndFunctionDesc: 'Hang up.',
    NotifyDuration: 15,
    NotifyMessage: 'Still there?',
    NotifyMaxCount: 2,
    PromptVariables: [{ Key: 'shop', Value: 'old' }],
    VadSilenceTime: 240,
    Temperature: 0.25,
    Variables: [
      { Key: 'shop', Value: 'Acme' },
      { Key: 'welcome-message-delay', Value: '2' },
      { Key: 'parley-asr-hints', Value: 'blue widget' },
    ],
    TopP: 0.9,
    VadLevel: 2,
    ToneWord: { FirstSentenceTimeout: 1.2, ZHToneWords: { Neutral: [' '], Positive: ['Sure'], Negative: ['No'] } },
    LLMExtraBody: '{"enable_thinking":false}',
    MaxCallDurationMs: 600_000,
    MaxRingTimeoutSecond: 40,
    AcquireTimeoutSecond: 0,
  })
  expect(taken).toMatchObject({
    callers: ['008601012340000', '+8613100000000'],
    limits: { ringMs: 40_000, callMs: 600_000 },
    acquireMs: 0,
    assistant: {
      instructions: 'You serve Acme. Be short.',
      model: { protocol: 'openai', model: 'm1', temperature: 0.25, topP: 0.9, extraBody: { enable_thinking: false } },
      voice: { name: 'WeRose' },
      recognition: {
        languages: ['en', 'zh'],
        hints: ['blue widget', 'Hello from Acme.', 'You serve Acme.', 'Be short.', 'Still there?'],
      },
      farFieldSuppression: 2,
      greeting: { kind: 'text', text: 'Hello from Acme.' },
      greetingInterruptible: false,
      greetingDelayMs: 2000,
      turn: {
        endpointing: { timeoutMs: 240 },
        bargeIn: { speechMs: 300 },
        silencePrompt: { afterMs: 15_000, text: 'Still there?', maxCount: 2 },
        userSilenceLimitMs: 30_000,
        filler: { afterMs: 1200, words: ['Sure'] },
        apology: 'Sorry, I am having technical trouble. Goodbye.',
      },
      tools: [{ kind: 'endCall', name: 'call_end', description: 'Hang up.' }],
    },
  })
})

test("a recogniser of the call's own reaches the engine, and no log", async () => {
  const config = { STTType: 'deepgram', APIKey: 'k-custom-secret', APIUrl: 'ws://127.0.0.1:9/listen', Model: 'nova-3' }
  const { taken, logger } = await accepted({ CustomSTTConfig: JSON.stringify(config) })
  expect(taken.assistant.recognition).toMatchObject({ languages: ['zh'], custom: config })
  expect(logger.lines.join('\n')).not.toContain('k-custom-secret')
})

test.each([
  [
    { AmbientSoundType: 'busy_office', AmbientSoundVolume: 0.5 },
    { scene: 'busyOffice', volume: 0.5 },
  ],
  [{ AmbientSoundType: 'coffee_shops' }, { scene: 'coffeeShop', volume: 1 }],
  [{ AmbientSoundType: '' }, undefined],
  [{ AmbientSoundVolume: 2 }, undefined],
])('the place behind the talk of %o is %o', async (parameters, ambience) => {
  const { taken } = await accepted(parameters)
  expect(taken.assistant.ambience).toEqual(ambience)
})

test.each([
  [{}, undefined],
  [{ EnableComplianceAudio: true }, true],
  [{ EnableComplianceAudio: false }, false],
])('%o asks for the tone that marks a machine: %o', async (parameters, complianceTone) => {
  const { taken } = await accepted(parameters)
  expect(taken.assistant.complianceTone).toBe(complianceTone)
})

test("a voice of the call's own reaches the engine, with what tells its server calls apart", async () => {
  const config = { TTSType: 'custom', APIKey: 'k-custom-secret', APIUrl: 'http://127.0.0.1/', SampleRate: 8000 }
  const { taken, logger } = await accepted({ CustomTTSConfig: JSON.stringify(config), VoiceType: 'WeRose' })
  const headers = { 'X-Task-Id': taken.callId, 'X-Sdk-App-Id': String(appId) }
  expect(taken.assistant.voice).toEqual({ name: 'WeRose', custom: config, headers })
  expect(logger.lines.join('\n')).not.toContain('k-custom-secret')
})

describe('the functions that hand the caller to humans', () => {
  const skillGroups = [{ id: 7, name: 'sales' }]
  const item = { TransferFunctionName: 'call_transfer_to_sales', TransferFunctionDesc: '', TransferSkillGroupId: 7 }
  const more = { EndFunctionEnable: true, TransferFunctionEnable: true }

  test('are one for each item, with the documented description where none is given', async () => {
    const second = { ...item, TransferFunctionName: 'to_boss', TransferFunctionDesc: 'When the caller is angry.' }
    const { taken } = await accepted({ ...more, TransferItems: [item, second] }, { skillGroups })
    expect(taken.assistant.tools).toMatchObject([
      { kind: 'endCall', name: 'call_end' },
      {
        kind: 'transferToGroup',
        name: 'call_transfer_to_sales',
        description: expect.stringContaining('Transfer to human when the user has to transfer to human'),
        skillGroupId: 7,
      },
      { kind: 'transferToGroup', name: 'to_boss', description: 'When the caller is angry.' },
    ])
  })

  test('are not there unless they are enabled', async () => {
    const { taken } = await accepted({ TransferItems: [item] }, { skillGroups })
    expect(taken.assistant.tools).toEqual([])
  })

  test.each([
    [[{ ...item, TransferSkillGroupId: 8 }], 'TransferItems.0.TransferSkillGroupId'],
    [[item, item], 'TransferItems.1.TransferFunctionName'],
    [[{ ...item, TransferFunctionName: 'call_end' }], 'TransferItems.0.TransferFunctionName'],
  ])('%j is refused', async (TransferItems, field) => {
    const { api, intake } = apiHouse({ skillGroups })
    const answer = await call(api, 'CreateAICall', { ...minimalCall, ...more, TransferItems })
    expect(answer.Error).toMatchObject({ Code: 'InvalidParameterValue', Message: expect.stringContaining(field) })
    expect(intake.calls).toEqual([])
  })
})

test.each([
  [{ WelcomeType: 1, WelcomeMessage: 'x' }, { greeting: { kind: 'generate' } }],
  [{ InterruptMode: 1, InterruptSpeechDuration: 200 }, { turn: { bargeIn: { speechMs: null } } }],
  [{ NotifyMaxCount: 0 }, { turn: { silencePrompt: null } }],
  [{ Languages: [] }, { recognition: { languages: ['zh'] } }],
  [{ Languages: ['en'] }, { turn: { silencePrompt: { text: 'Sorry, I did not hear you. Could you repeat that?' } } }],
  [{ EndFunctionEnable: true }, { tools: [{ name: 'call_end', description: expect.stringContaining('says bye') }] }],
  [{ ToneWord: { ZHToneWords: { Neutral: ['Hm'] } } }, { turn: { filler: { afterMs: 1000, words: ['Hm'] } } }],
  [{ ToneWord: { FirstSentenceTimeout: 2 } }, { turn: { filler: null } }],
  [{ VoiceType: null, Temperature: null }, { voice: {} }],
  [
    {
      LLMType: 'Dify',
      Variables: [{ Key: 'dify-inputs-a', Value: 'b' }],
      LLMExtraBody: '{"user":"u"}',
    },
    { model: { protocol: 'dify', extraBody: { inputs: { a: 'b' }, user: 'u' } } },
  ],
])('%j becomes %j', async (parameters, assistant) => {
  expect((await accepted(parameters)).taken.assistant).toMatchObject(assistant)
})

const missing = 'MissingParameter'
const type = 'InvalidParameter'
const value = 'InvalidParameterValue'

test.each([
  [{ SdkAppId: undefined }, missing, 'SdkAppId'],
  [{ Callee: null }, missing, 'Callee'],
  [{ LLMType: undefined }, missing, 'LLMType'],
  [{ APIKey: undefined }, missing, 'APIKey'],
  [{ APIUrl: undefined }, missing, 'APIUrl'],
  [{ Variables: [{ Value: 'x' }] }, missing, 'Variables.0.Key'],
  [{ ExtractConfig: [{ InfoName: 'x' }] }, missing, 'ExtractConfig.0.InfoType'],
  [{ SdkAppId: '1400000000' }, type, 'SdkAppId'],
  [{ SdkAppId: 1.5 }, type, 'SdkAppId'],
  [{ Callee: 8613 }, type, 'Callee'],
  [{ Callers: '0086' }, type, 'Callers'],
  [{ Callers: [1] }, type, 'Callers.0'],
  [{ Languages: { 0: 'en' } }, type, 'Languages'],
  [{ EndFunctionEnable: 'true' }, type, 'EndFunctionEnable'],
  [{ VadSilenceTime: '500' }, type, 'VadSilenceTime'],
  [{ VadSilenceTime: 500.5 }, type, 'VadSilenceTime'],
  [{ Temperature: 'hot' }, type, 'Temperature'],
  [{ ToneWord: [] }, type, 'ToneWord'],
  [{ ToneWord: { ZHToneWords: { Neutral: [1] } } }, type, 'ToneWord.ZHToneWords.Neutral.0'],
  [{ LLMExtraBody: { a: 1 } }, type, 'LLMExtraBody'],
  [{ Callee: 'not a number' }, value, 'Callee'],
  [{ Callee: '' }, value, 'Callee'],
  [{ Callee: '130\r\nRoute: <sip:x@y>' }, value, 'Callee'],
  [{ Callers: ['130\r\nRoute: <sip:x@y>'] }, value, 'Callers'],
  [{ Callers: ['008613000000000', '@'] }, value, 'Callers.1'],
  [{ LLMType: 'coze' }, value, 'LLMType'],
  [{ APIKey: 'a\nb' }, value, 'APIKey'],
  [{ APIUrl: 'example.com' }, value, 'APIUrl'],
  [{ APIUrl: 'ftp://example.com/' }, value, 'APIUrl'],
  [{ WelcomeType: 2 }, value, 'WelcomeType'],
  [{ WelcomeMessagePriority: 1 }, value, 'WelcomeMessagePriority'],
  [{ MaxDuration: 0 }, value, 'MaxDuration'],
  [{ Languages: ['en', 'xx'] }, value, 'Languages.1'],
  [{ Languages: ['en', 'zh', 'ja', 'ko', 'fr'] }, value, 'Languages'],
  [{ InterruptMode: 2 }, value, 'InterruptMode'],
  [{ InterruptSpeechDuration: -1 }, value, 'InterruptSpeechDuration'],
  [{ NotifyDuration: 9 }, value, 'NotifyDuration'],
  [{ NotifyMaxCount: -1 }, value, 'NotifyMaxCount'],
  [{ VadSilenceTime: 239 }, value, 'VadSilenceTime'],
  [{ VadSilenceTime: 2001 }, value, 'VadSilenceTime'],
  [{ Temperature: -0.1 }, value, 'Temperature'],
  [{ TopP: 1.1 }, value, 'TopP'],
  [{ VadLevel: 4 }, value, 'VadLevel'],
  [{ VoicemailAction: 1 }, value, 'VoicemailAction'],
  [{ AmbientSoundType: 'rain' }, value, 'AmbientSoundType'],
  [{ AmbientSoundVolume: 2.1 }, value, 'AmbientSoundVolume'],
  [{ AcquireTimeoutSecond: 6 }, value, 'AcquireTimeoutSecond'],
  [{ MaxCallDurationMs: -1 }, value, 'MaxCallDurationMs'],
  [{ LLMExtraBody: '[1]' }, value, 'LLMExtraBody'],
  [{ LLMExtraBody: '{' }, value, 'LLMExtraBody'],
  [{ CustomSTTConfig: 'x' }, value, 'CustomSTTConfig'],
  [{ CustomSTTConfig: '{"STTType":"other","APIKey":"k"}' }, value, 'CustomSTTConfig.STTType'],
  [{ CustomSTTConfig: '{"STTType":"deepgram"}' }, value, 'CustomSTTConfig.APIKey'],
  [{ CustomSTTConfig: '{"STTType":"deepgram","APIKey":"k","APIUrl":"http://x.example.com"}' }, value, 'APIUrl'],
  [{ CustomSTTConfig: '{"STTType":"deepgram","APIKey":"k","Model":7}' }, value, 'CustomSTTConfig.Model'],
  [{ CustomTTSConfig: '{"TTSType":"other"}' }, value, 'CustomTTSConfig.TTSType'],
  [{ CustomTTSConfig: '{"TTSType":"custom","APIKey":"k","APIUrl":"ftp://x.example.com"}' }, value, 'APIUrl'],
  [{ CustomTTSConfig: '{"TTSType":"custom","APIKey":"k","APIUrl":7}' }, value, 'APIUrl'],
  [{ CustomTTSConfig: '{"TTSType":"custom","APIKey":"a\\nb","APIUrl":"http://x.example.com"}' }, value, 'APIKey'],
  [
    { CustomTTSConfig: '{"TTSType":"custom","APIKey":"k","APIUrl":"http://x.example.com","SampleRate":22050}' },
    value,
    'SampleRate',
  ],
  [
    { CustomTTSConfig: '{"TTSType":"custom","APIKey":"k","APIUrl":"http://x.example.com","AudioFormat":"mp3"}' },
    value,
    'AudioFormat',
  ],
  [{ CustomTTSConfig: '{"TTSType":"azure","SubscriptionKey":"k"}' }, value, 'CustomTTSConfig.Region'],
  [{ CustomTTSConfig: '{"TTSType":"tencent","AppId":"1","SecretId":"i"}' }, value, 'CustomTTSConfig.SecretKey'],
  [{ CustomTTSConfig: '{"TTSType":"custom","APIUrl":"http://x.example.com"}' }, value, 'CustomTTSConfig.APIKey'],
  [{ CustomTTSConfig: '{"TTSType":"custom","APIKey":"k"}' }, value, 'CustomTTSConfig.APIUrl'],
  [{ ExtractConfig: [{ InfoType: 'Selector', InfoName: 'x' }] }, value, 'ExtractConfig.0.Choices'],
  [
    {
      ExtractConfig: [
        { InfoType: 'Text', InfoName: 'x' },
        { InfoType: 'Text', InfoName: 'x' },
      ],
    },
    value,
    'ExtractConfig',
  ],
  [
    { TransferItems: [{ TransferFunctionName: 'a b', TransferFunctionDesc: 'd', TransferSkillGroupId: 1 }] },
    value,
    'Name',
  ],
  [{ Variables: [{ Key: 'welcome-message-delay', Value: 'soon' }] }, value, 'welcome-message-delay'],
  [{ SystemPrompt: 'a\0b' }, value, 'SystemPrompt'],
  [{ Variables: [{ Key: 'a', Value: '\ud800' }] }, value, 'Variables.0.Value'],
  [{ SdkAppId: 1400000001 }, 'InvalidParameterValue.InstanceNotExist', 'SdkAppId'],
  // Of several problems the lowest kind is told: missing, then type, then value.
  [{ Callee: undefined, VadSilenceTime: 1, EndFunctionEnable: 1 }, missing, 'Callee'],
  [{ VadSilenceTime: 1, EndFunctionEnable: 1 }, type, 'EndFunctionEnable'],
  [{ VadSilenceTime: 1, SdkAppId: 5 }, value, 'VadSilenceTime'],
])('%j is refused with %s naming %s', async (parameters, code, path) => {
  const { api, intake } = apiHouse()
  for (const language of ['en-US', 'zh-CN']) {
    const answer = await call(api, 'CreateAICall', { ...minimalCall, ...parameters }, { 'x-tc-language': language })
    expect(answer.Error?.Code).toBe(code)
    if (code !== 'InvalidParameterValue.InstanceNotExist') expect(answer.Error?.Message).toContain(path)
    expect(/\p{Script=Han}/u.test(answer.Error?.Message ?? '')).toBe(language === 'zh-CN')
  }
  expect(intake.calls).toHaveLength(0)
})

test('a private model address is refused unless the operator allows it', async () => {
  const { api } = apiHouse({ allowPrivateUrls: false })
  const answer = await call(api, 'CreateAICall', minimalCall)
  expect(answer.Error).toMatchObject({ Code: 'InvalidParameterValue', Message: expect.stringContaining('private') })
})

const flat = (extra: string) =>
  `SdkAppId=${appId}&Callee=%2B8613000000000&LLMType=openai&APIKey=k&APIUrl=http%3A%2F%2F127.0.0.1%2Fv1&${extra}`

test('flattened parameters are read by their declared types', async () => {
  const { api, intake } = apiHouse()
  const query = flat(
    'EndFunctionEnable=True&InterruptMode=1&Temperature=0.5&Languages.0=en&Languages.1=zh&VoiceType=&MaxDuration=' +
      '&Variables.1.Key=b&Variables.1.Value=2&Variables.0.Key=a&Variables.0.Value=1+%7Bx%7D&SystemPrompt=%7B%7Ba%7D%7D%7B%7Bb%7D%7D' +
      '&ToneWord.FirstSentenceTimeout=1.5&ToneWord.ZHToneWords.Neutral.0=Hm&Callers.0=1001&EnableComplianceAudio=False',
  )
  const answer = await callByGet(api, 'CreateAICall', query)
  expect(answer.Error).toBeUndefined()
  expect(intake.calls[0]).toMatchObject({
    callee: '+8613000000000',
    callers: ['1001'],
    assistant: {
      instructions: '1 {x}2',
      recognition: { languages: ['en', 'zh'] },
      model: { temperature: 0.5 },
      tools: [{ kind: 'endCall' }],
      turn: { bargeIn: { speechMs: null }, userSilenceLimitMs: 60_000, filler: { afterMs: 1500, words: ['Hm'] } },
    },
  })
})

test.each([
  ['EndFunctionEnable=1', type],
  ['VadSilenceTime=0x200', type],
  ['VadSilenceTime=500.5', type],
  ['VadSilenceTime=Infinity', type],
  ['VadSilenceTime=99999999999999999999', value],
  ['Languages=en', type],
  ['Languages.a=en', type],
  ['Variables.0=x', type],
  ['Variables.0.Key.x=1&Variables.0.Value=v', type],
  ['Variables=1&Variables.0.Key=a', type],
  ['a.b.c.d.e.f.g.h.i.j=1', type],
  ['__proto__.polluted=1&constructor.prototype.x=1', undefined],
  ['Languages.000000000000001=en', type],
])('flattened %s gives %s', async (extra, code) => {
  const { api } = apiHouse()
  expect((await callByGet(api, 'CreateAICall', flat(extra))).Error?.Code).toBe(code)
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})

test('unknown parameters are ignored and named in the log', async () => {
  const { logger } = await accepted({ NewField: 1, 'odd name': 'x' })
  expect(logger.lines.join('\n')).toContain('"names":["NewField","[name]"]')
})
