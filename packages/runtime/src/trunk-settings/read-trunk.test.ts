import { Secret } from '@parley/core'
import { expect, test } from 'vitest'
import { parseConfigFile } from '../config-file.ts'
import { connectionOf, readTrunk } from './read-trunk.ts'

const described = {
  gateways: [{ host: 'sip.example', transport: 'udp' }],
  auth: { kind: 'digest', username: 'alice', password: 'p1' },
  headers: [{ name: 'X-Token', value: 't1' }],
}

const read = (value: unknown, stored?: Parameters<typeof readTrunk>[2]) => {
  const result = readTrunk(value, true, stored)
  if (!('settings' in result)) throw new Error(JSON.stringify(result.problems))
  return result.settings
}

test('a trunk is read with its defaults, its credentials and the texts of its headers as secrets', () => {
  const settings = read(described)
  expect(settings.limits).toEqual({ maxConcurrent: 100, maxCps: 10 })
  expect((settings.auth as { password: unknown }).password).toBeInstanceOf(Secret)
  expect(JSON.stringify(settings)).not.toMatch(/p1|t1/)
  expect(connectionOf(settings).headers).toEqual(described.headers)
})

test('what is wrong with it is told in the words that the file is told in', () => {
  const wrong = { ...described, gateways: [{ host: 'a b', port: 0 }], prefix: 'x', media: { ptimeMs: 15 }, colour: 1 }
  const result = readTrunk(wrong, true)
  const told = 'problems' in result ? result.problems.map(({ field, detail }) => `${field}: ${detail}`) : []
  const file = parseConfigFile(
    JSON.stringify({
      applications: [{ sdkAppId: 1, keys: [{ secretId: 'a', secretKey: 'b' }] }],
      trunks: [{ name: 't', numbers: ['12'], ...wrong }],
    }),
  )
  const inFile = file.problems.map((problem) =>
    problem.replace(/^trunks\[0\](\.|: )/, (_, end) => (end === '.' ? '' : ': ')),
  )
  expect(told.map((problem) => problem.replaceAll(/\.(\d)/g, '[$1]')).toSorted()).toEqual(inFile.toSorted())
  expect(told.length).toBe(5)
})

test.each([
  [{ ...described, name: 't' }, ''],
  [{ ...described, numbers: ['12'] }, ''],
  [{ ...described, sdkAppIds: [1] }, ''],
  [{ ...described, auth: { ...described.auth, password: { env: 'PATH' } } }, 'auth.password'],
  [{ ...described, auth: { ...described.auth, password: { file: '/etc/hostname' } } }, 'auth.password'],
  [{ ...described, gateways: [{ host: 'a', transport: 'tls' }], tls: { caFile: '/etc/hostname' } }, 'tls.caFile'],
  [
    { ...described, gateways: [{ host: 'a', transport: 'tls' }], tls: { clientCertificate: 'required' } },
    'tls.clientCertificate',
  ],
])("%j reaches for what is not the client's", (value, field) => {
  const result = readTrunk(value, true)
  expect('problems' in result && result.problems.map((problem) => problem.field)).toEqual([field])
})

test('private addresses are taken where the operator allows them', () => {
  const inward = { ...described, gateways: [{ host: '10.0.0.1' }], outboundProxy: 'sip:127.0.0.1:5060;lr' }
  expect('settings' in readTrunk(inward, true)).toBe(true)
  const result = readTrunk(inward, false)
  expect('problems' in result && result.problems.map(({ field }) => field)).toEqual([
    'gateways.0.host',
    'outboundProxy',
  ])
})

test('secrets that are left out stay; another account or header starts without', () => {
  const stored = read(described)
  const { password: _, ...account } = described.auth
  const kept = connectionOf(read({ ...described, auth: account, headers: [{ name: 'X-Token' }] }, stored))
  expect(kept.auth.kind === 'digest' && kept.auth.password.reveal()).toBe('p1')
  expect(kept.headers).toEqual(described.headers)
  const other = readTrunk({ ...described, auth: { ...account, username: 'bob' } }, true, stored)
  expect('problems' in other && other.problems.map(({ field }) => field)).toEqual(['auth.password'])
})
