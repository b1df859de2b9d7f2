import { type CallSpec, type IncomingInvite, legId, silentLogger, turnDefaults } from '@parley/core'
import { parseConfigFile, systemRandom } from '@parley/runtime'
import { expect, test } from 'vitest'
import { inboundHandler } from './inbound.ts'

const yaml = `
applications: [{ sdkAppId: 1, keys: [{ secretId: a, secretKey: b }] }, { sdkAppId: 2, keys: [{ secretId: c, secretKey: d }] }]
inbound: { sdkAppId: 1, systemPrompt: reception, llm: { url: "http://model.test", apiKey: k } }
assistants:
  sales: { sdkAppId: 2, systemPrompt: sales, llm: { url: "http://model.test", apiKey: k } }
trunks:
  - name: t
    gateways: [{ host: sip.test }]
    numbers: ["+1555", { number: "+1556", assistant: sales }]
    inbound: { rejectStatus: { noAssistant: 603 } }
`

const fileOf = (text: string) => {
  const { file } = parseConfigFile(text)
  if (!file) throw new Error('the file of the test is wrong')
  return file
}

function answer(text: string, callee: string, variables: Readonly<Record<string, string>> = {}) {
  const offered: CallSpec[] = []
  const control = {
    offer: async (_invite: IncomingInvite, spec: CallSpec) => {
      offered.push(spec)
      return { kind: 'answer', sdp: 'v=0' } as const
    },
  }
  const house = { ...fileOf(text), turnTaking: turnDefaults }
  const handler = inboundHandler(house, () => control, systemRandom, silentLogger)
  const invite = { leg: legId('l'), trunk: 't', caller: '+1999', callee, variables }
  return { decision: handler(invite, new AbortController().signal), offered }
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
