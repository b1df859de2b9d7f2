import { expect, test } from 'vitest'
import { dialogPolicyOf, incomingSettingsOf } from './dialog-policy.ts'
import type { TrunkConfig } from './trunk-config.ts'

const trunk = (more: Partial<TrunkConfig>): TrunkConfig => ({
  name: 'carrier',
  gateways: [{ host: '192.0.2.1', port: 5060, transport: 'udp' }],
  auth: { kind: 'none' },
  numbers: [],
  ...more,
})

test('a trunk that settles nothing leaves everything to the stack', () => {
  expect(dialogPolicyOf(trunk({}))).toEqual({})
  expect(incomingSettingsOf(trunk({}))).toEqual({ reliable: false })
})

test.each([
  [{ mode: 'off' }, { mode: 'off', expiresS: 1_800, minS: 90 }],
  [{ expiresS: 600 }, { mode: 'request', expiresS: 600, minS: 90 }],
  [
    { mode: 'required', minS: 300 },
    { mode: 'require', expiresS: 1_800, minS: 300 },
  ],
] as const)('the session timer %j holds in both directions', (sessionTimer, expected) => {
  expect(dialogPolicyOf(trunk({ sessionTimer })).sessionTimer).toEqual(expected)
  expect(incomingSettingsOf(trunk({ sessionTimer })).sessionTimer).toEqual(expected)
})

test('reliability and redirections are passed on; redirections to nowhere are none', () => {
  const policy = dialogPolicyOf(trunk({ reliable: 'required', redirects: { allowedHosts: ['b.test'], max: 3 } }))
  expect(policy).toEqual({ reliable: 'required', redirects: { allowedHosts: ['b.test'], max: 3 } })
  expect(incomingSettingsOf(trunk({ reliable: 'required' }))).toEqual({ reliable: true })
  expect(dialogPolicyOf(trunk({ redirects: { allowedHosts: [] } }))).toEqual({})
})
