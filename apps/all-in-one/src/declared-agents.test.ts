import { readdirSync, readFileSync } from 'node:fs'
import { turnDefaults } from '@parley/core'
import { parseConfigFile } from '@parley/runtime'
import { expect, test } from 'vitest'
import { declaredAgents } from './declared-agents.ts'
import { skillGroupsOf } from './skill-groups.ts'

const examples = new URL('../../../examples/agents/', import.meta.url)
const sources = { environment: { MODEL_KEY: 'sk-1' }, readText: () => 'sk-2' }

function declared(text: string) {
  const { file, problems } = parseConfigFile(text, sources)
  if (!file) throw new Error(problems.join('\n'))
  return declaredAgents(file.agents, { turnDefaults, skillGroups: skillGroupsOf(file), allowPrivateUrls: true })
}

test.each(readdirSync(examples))('the example %s can be used as it is', (name) => {
  const [agent] = declared(readFileSync(new URL(name, examples), 'utf8'))
  expect(agent?.secrets?.APIKey?.reveal()).toBe('sk-1')
  expect(JSON.stringify(agent)).not.toContain('sk-1')
})

const fileWith = (agents: string) => `
applications: [{ sdkAppId: 1, keys: [{ secretId: a, secretKey: b }] }]
trunks: [{ name: t, gateways: [{ host: sip.test }], numbers: ["+1555"] }]
agents:
${agents}`
const agent = (more: string, id = 1) =>
  `  - { id: ${id}, sdkAppId: 1, name: n, settings: { LLMType: openai, APIUrl: "http://m.test", APIKey: k, ${more} } }\n`

test.each([
  ['Colour: red', '`Colour`'],
  ['VadSilenceTime: 1', '`VadSilenceTime`'],
  ['Callee: "123"', '`Callee`'],
  [
    'TransferFunctionEnable: true, TransferItems: [{ TransferFunctionName: a, TransferFunctionDesc: b, TransferSkillGroupId: 9 }]',
    '`TransferItems.0.TransferSkillGroupId`',
  ],
  [
    'TransferToAgentItems: [{ TransferToAgentName: a, TransferToAgentDesc: b, TransferToAgentId: 9 }]',
    'TransferToAgentItems: 9 must be',
  ],
])('an agent with %s is refused, naming it', (more, words) => {
  expect(() => declared(fileWith(agent(more)))).toThrow(words)
  expect(() => declared(fileWith(agent(more)))).toThrow('agents[0].settings')
})

test.each([
  [agent('') + agent(''), 'agents[1].id: is that of agents[0] of the same application'],
  [agent('', 1_000_000), 'agents[0].id: must be below 1000000'],
  [agent('').replace('sdkAppId: 1', 'sdkAppId: 2'), 'agents[0].sdkAppId: must be one of applications'],
  [agent('').replace('APIKey: k', 'APIKey: { env: NOT_SET }'), 'environment variable NOT_SET is not set'],
])('the file %s is refused', (agents, problem) => {
  expect(parseConfigFile(fileWith(agents), sources).problems.join('\n')).toContain(problem)
})

test('a private model address is refused where the operator forbids them', () => {
  const { file } = parseConfigFile(fileWith(agent('').replace('http://m.test', 'http://10.0.0.1')), sources)
  expect(() => declaredAgents(file?.agents ?? [], { turnDefaults, skillGroups: [], allowPrivateUrls: false })).toThrow(
    '`APIUrl` must not name a private address',
  )
})
