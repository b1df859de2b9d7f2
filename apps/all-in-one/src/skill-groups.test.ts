import { parseConfigFile } from '@parley/runtime'
import { expect, test } from 'vitest'
import { skillGroupsOf } from './skill-groups.ts'

const fileWith = (gateway: string) => {
  const { file, problems } = parseConfigFile(`
applications: [{ sdkAppId: 1400000001, keys: [{ secretId: a, secretKey: b }] }]
trunks:
  - { name: carrier, gateways: [${gateway}], auth: { kind: none }, numbers: ["+8675512345678"] }
skillGroups:
  - { id: 7, name: sales, targets: [{ number: "+8613900000001", trunk: carrier }] }
`)
  if (!file) throw new Error(problems.join('\n'))
  return file
}

test.each([
  ['{ host: sip.test, port: 5070 }', 'sip:+8613900000001@sip.test:5070'],
  ['{ host: sip.test }', 'sip:+8613900000001@sip.test'],
])('a number is referred to at the gateway %s', (gateway, uri) => {
  expect(skillGroupsOf(fileWith(gateway))).toMatchObject([
    { targets: [{ trunk: 'carrier', callee: '+8613900000001', caller: '+8675512345678', uri }] },
  ])
})
