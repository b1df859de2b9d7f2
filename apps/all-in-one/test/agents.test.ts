import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApplication, testAuthorization } from './engine-process.ts'
import { assistantLines, finishedCdr, until } from './placed-call.ts'
import { startTellingModel, type TellingModel } from './telling-model.ts'
import { saysGoodbye, startTestHouse, type TestHouse, trunkNumber } from './test-house.ts'

let house: TestHouse
let model: TellingModel
const { sdkAppId } = testApplication
const headers = { authorization: testAuthorization }

const inboundNumber = '+8675500000003'

const brokenBicycle = `
answer: { after: 100ms }
steps:
  - wait: { heard: end }
  - say: { text: "my bicycle is broken" }
  - interrupt: { after: 3500ms, text: "stop please wait a moment" }
  - wait: { heard: end }
  - say: { text: "thank you goodbye" }
ends: peer
`
const hints = 'my bicycle is broken\nstop please wait a moment\nthank you goodbye'
const desk = (APIUrl: string, more: object) => ({
  ...{ LLMType: 'openai', APIUrl, APIKey: 'sk-agent-secret', Languages: ['en'], VadSilenceTime: 500 },
  ...{ EndFunctionEnable: true, NotifyMaxCount: 0, ...more },
})
const longGreeting =
  'Repair desk of {{shop}}. Tell me what is broken, since when it has been broken, and how it came about.'

beforeAll(async () => {
  model = await startTellingModel()
  const receptionUrl = model.open('reception', (text, messages) => {
    if (messages[0]?.content.includes('JSON object')) return '{"tags":{"interest":"LOW","callback":"perhaps"}}'
    return /bicycle|broken/.test(text) ? { say: 'One moment.', call: 'to_repair_desk' } : 'Pardon?'
  })
  const repairUrl = model.open('repair', (text) =>
    /goodbye|thank/.test(text) ? { say: 'Goodbye.', end: true } : 'I am waiting.',
  )
  house = await startTestHouse(
    { '0001': saysGoodbye, '0002': brokenBicycle },
    {
      trunk: { numbers: [trunkNumber, { number: inboundNumber, agent: { sdkAppId, id: 7 } }] },
      config: (modelUrl) => ({
        agents: [
          {
            ...{ id: 8, sdkAppId, name: 'reception' },
            settings: desk(receptionUrl, {
              WelcomeMessage: 'Hello.',
              Tags: [
                { TagName: 'interest', TagDescription: 'In buying.', TagValues: ['high', 'low'] },
                { TagName: 'callback', TagValues: ['yes', 'no'] },
              ],
              TransferToAgentEnable: true,
              TransferToAgentItems: [
                { TransferToAgentName: 'to_repair_desk', TransferToAgentDesc: 'Repairs.', TransferToAgentId: 9 },
              ],
              Variables: [{ Key: 'shop', Value: 'nobody' }],
            }),
          },
          {
            ...{ id: 9, sdkAppId, name: 'repair desk' },
            settings: desk(repairUrl, {
              SystemPrompt: 'You are the repair desk of {{shop}} for {{name}}.',
              WelcomeMessage: longGreeting,
              VoiceType: 'slt',
              Variables: [
                { Key: 'shop', Value: 'Acme' },
                { Key: 'name', Value: 'strangers' },
              ],
            }),
          },
          {
            id: 7,
            sdkAppId,
            name: 'farewell desk',
            settings: {
              LLMType: 'openai',
              APIUrl: modelUrl,
              APIKey: 'sk-agent-secret',
              Languages: ['en'],
              VadSilenceTime: 500,
              WelcomeMessage: 'Hello {{name}}, this is {{shop}}, {{nothing}}.',
              EndFunctionEnable: true,
              Variables: [
                { Key: 'name', Value: 'stranger' },
                { Key: 'shop', Value: 'Acme' },
                { Key: 'parley-asr-hints', Value: 'thank you goodbye' },
              ],
            },
          },
        ],
      }),
    },
  )
})

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
})

const spokenBy = (sessionId: string) => assistantLines(house.client, sessionId)

test('a declared agent is listed, calls, greets with the variables of the call and its own, and is named in the record', {
  timeout: 60_000,
}, async () => {
  const page = { SdkAppId: sdkAppId, PageSize: 10, PageNumber: 0 }
  expect(await house.client.DescribeAIAgentInfoList(page)).toMatchObject({
    TotalCount: 3,
    AIAgentInfoList: [
      { AIAgentId: 7, AIAgentName: 'farewell desk', VariableNames: ['name', 'shop', 'nothing'] },
      { AIAgentId: 8 },
      { AIAgentId: 9, VariableNames: ['shop', 'name'] },
    ],
  })
  const { SessionId = '' } = await house.client.CreateAIAgentCall({
    SdkAppId: sdkAppId,
    AIAgentId: 7,
    Callee: '008613000000001',
    Variables: [{ Key: 'name', Value: 'Jane' }],
  })
  const cdr = await finishedCdr(house.client, SessionId, 50_000)
  expect(cdr).toMatchObject({
    SysHangupReasonString: 'functionCallHangup',
    AIAgentId: 7,
    AIAgentName: 'farewell desk',
  })
  const [greeting, ...rest] = await spokenBy(SessionId)
  expect(greeting).toBe('Hello Jane, this is Acme, {{nothing}}.')
  expect(rest).toContain('Goodbye.')
})

interface Said {
  readonly type: string
  readonly heard: string
  readonly interrupted: boolean
  readonly fromMs: number
  readonly toMs: number
}

test('one agent hands the caller to another: no gap, the history goes along, and the new one can be interrupted', {
  timeout: 90_000,
  retry: 1,
}, async () => {
  const { SessionId = '' } = await house.client.CreateAIAgentCall({
    SdkAppId: sdkAppId,
    AIAgentId: 8,
    Callee: '008613000000002',
    Variables: [
      { Key: 'name', Value: 'Jane' },
      { Key: 'parley-asr-hints', Value: hints },
    ],
  })
  const cdr = await finishedCdr(house.client, SessionId, 60_000)
  expect(cdr).toMatchObject({ SysHangupReasonString: 'functionCallHangup', AIAgentId: 8, AIAgentName: 'reception' })
  const call = `http://127.0.0.1:${house.engine.httpPort}/v1/calls/${SessionId}`
  expect(await (await fetch(call, { headers })).json()).toMatchObject({
    agents: [
      { agentId: 8, name: 'reception', version: 1 },
      { agentId: 9, name: 'repair desk', version: 1 },
    ],
  })

  // Decided by the model of the call once it is over; what is none of the values is no tag.
  const tagged = await until('the tags', 20_000, async () => {
    const { tags } = (await (await fetch(call, { headers })).json()) as { tags?: unknown }
    return tags
  })
  expect(tagged).toEqual([{ name: 'interest', value: 'low' }])
  const { InteractionEventList: rounds = [] } = await house.client.DescribeAICallInteractionRecords({
    SdkAppId: sdkAppId,
    SessionId,
  })
  expect(rounds.map(({ Tags }) => Tags).filter(Boolean)).toEqual([
    '[{"TagName":"interest","TagValue":"low","TagType":1}]',
  ])

  const story = await (await fetch(`${call}/events`, { headers })).text()
  const events = [...story.matchAll(/^data: (.+)$/gm)].map((match) => JSON.parse(match[1] ?? '') as Said)
  expect(events).toContainEqual(expect.objectContaining({ type: 'agent.joined', agentId: 9, name: 'repair desk' }))
  const said = events.filter(({ type }) => type === 'assistant.said')
  const last = said.findIndex(({ heard }) => heard === 'One moment.')
  const [before, greeting] = said.slice(last)
  expect(greeting?.heard).toMatch(/^Repair desk of Acme\. Tell me/)
  expect((greeting?.fromMs ?? 0) - (before?.toMs ?? 0)).toBeLessThan(300)
  expect(greeting?.interrupted).toBe(true)
  expect(said.slice(last + 2).map(({ heard }) => heard)).toEqual(['I am waiting.', 'Goodbye.'])

  const [first] = model.requests('repair')
  expect(first?.messages[0]).toEqual({ role: 'system', content: 'You are the repair desk of Acme for Jane.' })
  const talk = (first?.messages ?? []).map(({ content }) => content).join('\n')
  expect(talk).toMatch(/Hello\.\n.*(bicycle|broken).*\nOne moment\.\n.*taken this call over.*\nRepair desk of Acme/s)
})

test('a number that names an agent has its calls taken by it', { timeout: 60_000, retry: 1 }, async () => {
  const incoming = await house.phone.placeCall({
    to: `127.0.0.1:${house.engine.sipPort}`,
    user: inboundNumber.slice(1),
    from: '8613900000001',
    script: saysGoodbye.replace('answer: { after: 200ms }', ''),
  })
  expect(await incoming.ended).toMatchObject({ outcome: 'completed', endedBy: 'peer' })
  const calls = `http://127.0.0.1:${house.engine.httpPort}/v1/calls?limit=1`
  const ended = await until('the record', 10_000, async () => {
    const page = (await (await fetch(calls, { headers })).json()) as { calls: { id: string; state: string }[] }
    return page.calls[0]?.state === 'ended' ? page.calls[0] : undefined
  })
  expect(ended).toMatchObject({ direction: 'inbound', agents: [{ agentId: 7, name: 'farewell desk', version: 1 }] })
  expect((await spokenBy(ended.id))[0]).toBe('Hello stranger, this is Acme, {{nothing}}.')
})

test('an agent made by the management API calls as its published version says', { timeout: 60_000 }, async () => {
  const agents = `http://127.0.0.1:${house.engine.httpPort}/v1/agents`
  const send = async (method: string, url: string, body: object, more: object = {}) => {
    const answer = await fetch(url, {
      method,
      headers: { ...headers, 'content-type': 'application/json', ...more },
      body: JSON.stringify(body),
    })
    return { etag: answer.headers.get('etag') ?? '', body: (await answer.json()) as { id: number; version: number } }
  }
  const { settings } = (await (await fetch(`${agents}/7`, { headers })).json()) as { settings: object }
  const keyed = { ...settings, APIKey: 'sk-agent-secret' }
  const made = await send('POST', agents, { name: 'first', settings: { ...keyed, WelcomeMessage: 'First words.' } })
  const own = `${agents}/${made.body.id}`
  // The key stays, although the change does not name it.
  const second = { name: 'second', settings: { ...settings, WelcomeMessage: 'Second words.' } }
  const changed = await send('PUT', own, second, { 'if-match': made.etag })
  expect(changed.body.version).toBe(2)
  const greetingOf = async () => {
    const request = { SdkAppId: sdkAppId, AIAgentId: made.body.id, Callee: '008613000000001' }
    const { SessionId = '' } = await house.client.CreateAIAgentCall(request)
    await finishedCdr(house.client, SessionId, 50_000)
    return (await spokenBy(SessionId))[0]
  }
  expect(await greetingOf()).toBe('Second words.')
  await send('POST', `${own}/publish`, { version: 1 }, { 'if-match': changed.etag })
  expect(await greetingOf()).toBe('First words.')
})

test('afterwards no log line holds a secret of an agent', () => {
  expect(house.engine.log()).not.toContain('sk-agent-secret')
})
