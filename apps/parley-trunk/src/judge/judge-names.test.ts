import type { GatewayTarget, NameFacts, NameQuestion } from '@parley/sip'
import { expect, test } from 'vitest'
import { judgeNames } from './judge-names.ts'

const target: GatewayTarget = {
  gateway: { host: 'sip.carrier.test' },
  hop: { transport: 'udp', host: '192.0.2.1', port: 5060 },
}
const asked = (kind: NameQuestion['kind'], records: readonly string[] = [], failure?: string): NameQuestion => ({
  kind,
  name: 'sip.carrier.test',
  records,
  ...(failure === undefined ? {} : { failure }),
})

test.each([
  ['an address literal', { questions: [], targets: [target] }, undefined, []],
  ['a name with addresses', { questions: [asked('A', ['192.0.2.1'])], targets: [target] }, true, ['ok found']],
  ['a name that nobody knows', { questions: [asked('A')], targets: [] }, false, ['wrong no-such-name']],
  ['a name without addresses', { questions: [asked('A')], targets: [] }, true, ['wrong no-address']],
  ['a record that leads nowhere', { questions: [asked('SRV', ['a:5060'])], targets: [] }, true, ['wrong no-address']],
  [
    'name servers that are down',
    { questions: [asked('A', [], 'EAI_AGAIN')], targets: [] },
    undefined,
    ['wrong name-service-down'],
  ],
] as const)('%s', (_what, facts: NameFacts, exists, expected) => {
  const findings = judgeNames('sip.carrier.test', facts, exists)
  expect(findings.map(({ verdict, cause }) => `${verdict} ${cause}`)).toEqual(expected)
})

test('service records that led to an address are told', () => {
  const facts = { questions: [asked('SRV', ['edge.carrier.test:5060'])], targets: [target] }
  expect(judgeNames('sip.carrier.test', facts, true)[0]?.text).toBe(
    'sip.carrier.test is 192.0.2.1:5060 udp (SRV sip.carrier.test: edge.carrier.test:5060).',
  )
})
