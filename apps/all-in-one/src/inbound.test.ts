import {
  type AssistantSpec,
  applicationId,
  type CallSpec,
  type IncomingInvite,
  legId,
  silentLogger,
  turnDefaults,
} from '@parley/core'
import { parseConfigFile, systemRandom } from '@parley/runtime'
import { expect, test } from 'vitest'
import type { CallInDesk } from './call-in-desk.ts'
import { inboundHandler } from './inbound.ts'
import { LiveTrunks } from './live-trunks.ts'

const yaml = `
applications: [{ sdkAppId: 1, keys: [{ secretId: a, secretKey: b }] }, { sdkAppId: 2, keys: [{ secretId: c, secretKey: d }] }]
inbound: { sdkAppId: 1, systemPrompt: reception, llm: { url: "http://model.test", apiKey: k } }
assistants:
  sales: { sdkAppId: 2, systemPrompt: sales, llm: { url: "http://model.test", apiKey: k } }
trunks:
  - name: t
    gateways: [{ host: sip.test }]
    numbers: ["+1555", { number: "+1556", assistant: sales }, { number: "+1557", agent: { sdkAppId: 2, id: 7 } }]
    inbound: { rejectStatus: { noAssistant: 603 } }
`

const fileOf = (text: string) => {
  const { file } = parseConfigFile(text)
  if (!file) throw new Error('the file of the test is wrong')
  return file
}

function answer(
  text: string,
  callee: string,
  variables: Readonly<Record<string, string>> = {},
  off?: number,
  switchedOff: readonly number[] = [],
  trunk = 't',
  said?: Awaited<ReturnType<CallInDesk>>,
) {
  const asked: string[] = []
  const desk: CallInDesk = async ({ number }) => {
    asked.push(number)
    return said
  }
  const offered: CallSpec[] = []
  const control = {
    offer: async (_invite: IncomingInvite, spec: CallSpec) => {
      offered.push(spec)
      return { kind: 'answer', sdp: 'v=0' } as const
    },
  }
  const house = { ...fileOf(text), turnTaking: turnDefaults }
  const agents: Parameters<typeof inboundHandler>[5] = async ({ applicationId: owner, variables: given }, agentId) =>
    owner === 2 && agentId === 7 ? ({ instructions: `agent ${given?.['X-Customer']}` } as AssistantSpec) : undefined
  const trunks = new LiveTrunks(house.trunks, silentLogger)
  const disabled = off === undefined ? [] : [{ applicationId: applicationId(off), trunk: 't', number: callee }]
  const callIn = [{ applicationId: applicationId(2), trunk: 't', number: '+1556', url: 'https://desk.test' }]
  const ready = trunks.apply(
    { trunks: [], disabled, switchedOff: switchedOff.map(applicationId), callIn },
    { replaceTrunks: async () => {} },
  )
  const handler = inboundHandler(house, trunks, () => control, systemRandom, silentLogger, agents, desk)
  const invite = { leg: legId('l'), trunk, caller: '+1999', callee, variables }
  return { decision: ready.then(() => handler(invite, new AbortController().signal)), offered, asked }
}

test('a number with an assistant of its own is served by it and for its application', async () => {
  const { decision, offered } = answer(yaml, '+1556')
  expect(await decision).toMatchObject({ kind: 'answer' })
  expect(offered).toMatchObject([{ applicationId: 2, assistant: { instructions: 'sales' } }])
})

test('a number without one is served by the default assistant', async () => {
  const { decision, offered } = answer(yaml, '+1555')
  await decision
  expect(offered).toMatchObject([{ applicationId: 1, assistant: { instructions: 'reception' } }])
})

test('the default assistant takes no call to a number of another application', async () => {
  const { decision, offered } = answer(yaml.replace('"+1555"', '{ number: "+1555", sdkAppIds: [2] }'), '+1555')
  expect(await decision).toEqual({ kind: 'reject', status: 603, reason: '' })
  expect(offered).toEqual([])
})

test('a number that its application switched off takes no call, one that another switched off does', async () => {
  expect(await answer(yaml, '+1555', {}, 1).decision).toMatchObject({ kind: 'reject', status: 603 })
  expect(await answer(yaml, '+1555', {}, 2).decision).toMatchObject({ kind: 'answer' })
})

test('a telephone reaches the numbers of its application, also without the plus, and no other', async () => {
  const by = (owner: number, callee: string, off?: number) => answer(yaml, callee, {}, off, [], `extensions/${owner}`)
  const own = by(2, '1556')
  expect(await own.decision).toMatchObject({ kind: 'answer' })
  expect(own.offered).toMatchObject([{ applicationId: 2, trunk: 'extensions/2', callee: '+1556' }])
  expect(await by(1, '+1555').decision).toMatchObject({ kind: 'answer' })
  expect(await by(1, '+1555', 1).decision).toMatchObject({ kind: 'reject' })
  for (const [owner, callee] of [
    [1, '+1556'],
    [2, '+1555'],
    [1, '1002'],
  ] as const) {
    const other = by(owner, callee)
    expect(await other.decision).toMatchObject({ kind: 'reject' })
    expect(other.offered).toEqual([])
  }
})

test('without any assistant the call is declined with the status of the trunk', async () => {
  const { decision, offered } = answer(yaml.replace(/^inbound: \{ sdk.*$/m, ''), '+1555')
  expect(await decision).toEqual({ kind: 'reject', status: 603, reason: '' })
  expect(offered).toEqual([])
})

test('headers the trunk hands on stand in the texts of the assistant, once and as they are', async () => {
  const text = yaml.replace('systemPrompt: reception', 'systemPrompt: "{{X-Customer}} {{X-Other}} {{unknown}}"')
  const { decision, offered } = answer(text, '+1555', { 'X-Customer': '{{X-Other}}', 'X-Other': '' })
  await decision
  expect(offered[0]?.assistant.instructions).toBe('{{X-Other}}  {{unknown}}')
})

test('a number with a stored agent is served by it, filled in with the headers the trunk hands on', async () => {
  const { decision, offered } = answer(yaml, '+1557', { 'X-Customer': '9' })
  expect(await decision).toMatchObject({ kind: 'answer' })
  expect(offered).toMatchObject([{ applicationId: 2, direction: 'inbound', assistant: { instructions: 'agent 9' } }])
})

test('a number whose agent is not there is not served by anybody else', async () => {
  const { decision, offered } = answer(yaml.replace('id: 7', 'id: 8'), '+1557')
  expect(await decision).toEqual({ kind: 'reject', status: 603, reason: '' })
  expect(offered).toEqual([])
})

test.each([
  ['{ sdkAppId: 3, id: 7 }', 'trunks[0].numbers[2].agent: must be of one of applications'],
  ['{ sdkAppId: 2, id: 7 }, assistant: sales', 'trunks[0].numbers[2].agent: goes not together with assistant'],
  ['{ sdkAppId: 2, id: 7 }, sdkAppIds: [1]', 'agent: belongs to application 2, which the number is not for'],
])('a number with the agent %s is refused', (agent, problem) => {
  const text = yaml.replace('{ sdkAppId: 2, id: 7 }', agent)
  expect(parseConfigFile(text).problems.join('\n')).toContain(problem)
})

test('an application that is switched off takes no calls, the others do', async () => {
  const [own, agent, other] = ['+1556', '+1557', '+1555'].map((callee) => answer(yaml, callee, {}, undefined, [2]))
  expect(await own?.decision).toMatchObject({ kind: 'reject', status: 603 })
  expect(await agent?.decision).toMatchObject({ kind: 'reject', status: 603 })
  expect(await other?.decision).toMatchObject({ kind: 'answer' })
})

const namesSeven = { kind: 'agent', agentId: 7, variables: { 'X-Customer': 'Ann' } } as const
const askFor = (callee: string, said: Awaited<ReturnType<CallInDesk>>, off?: number, trunk = 't') =>
  answer(yaml, callee, { 'X-Customer': '9' }, off, [], trunk, said)

test('the agent that the server of a number names takes the call, with what it says of the caller', async () => {
  const { decision, offered } = askFor('+1556', namesSeven)
  expect(await decision).toMatchObject({ kind: 'answer' })
  expect(offered).toMatchObject([{ applicationId: 2, assistant: { instructions: 'agent Ann' } }])
})

test('a server that names nobody leaves the call to whoever is configured', async () => {
  const { decision, offered } = askFor('+1556', undefined)
  await decision
  expect(offered).toMatchObject([{ applicationId: 2, assistant: { instructions: 'sales' } }])
})

test('the server of a number may decline, and name an agent that is not there for nobody to take it', async () => {
  expect(await askFor('+1556', { kind: 'reject', status: 486 }).decision).toMatchObject({ kind: 'reject', status: 486 })
  const nobody = askFor('+1556', { ...namesSeven, agentId: 8 })
  expect(await nobody.decision).toMatchObject({ kind: 'reject', status: 603 })
})

test('a server is asked about its number alone, and not about one that its application switched off', async () => {
  for (const { decision, asked } of [
    askFor('+1555', namesSeven),
    askFor('+1556', namesSeven, 2),
    askFor('1556', namesSeven, undefined, 'extensions/1'),
  ]) {
    await decision
    expect(asked).toEqual([])
  }
  const own = askFor('1556', namesSeven, undefined, 'extensions/2')
  await own.decision
  expect(own.asked).toEqual(['+1556'])
})
