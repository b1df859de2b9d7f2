import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig } from './config.ts'
import { parseConfigFile } from './config-file.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const file = (webhooks: string) => `
applications:
  - sdkAppId: 1400000001
    keys: [{ secretId: AKIDdemo, secretKey: demo-secret }]
trunks:
  - name: carrier-a
    gateways: [{ host: 127.0.0.1, port: 5070, transport: udp }]
    auth: { kind: none }
    numbers: ["+8675500000001"]
    limits: { maxConcurrent: 10, maxCps: 5 }
webhooks:
${webhooks}`

const crm = `name: crm, sdkAppId: 1400000001, url: "https://crm.example.com/calls"`

test('a receiver by the Standard Webhooks scheme has its key, events and the long waits', () => {
  const { file: config, problems } = parseConfigFile(
    file(`  - { ${crm}, secret: { env: KEY }, events: [call.ended] }`),
    {
      environment: { KEY: secret },
      readText: () => '',
    },
  )
  expect(problems).toEqual([])
  const [webhook] = config?.webhooks ?? []
  expect(webhook).toMatchObject({ format: 'standard', events: ['call.ended'], timeoutMs: 10_000 })
  expect(webhook?.retryDelaysMs).toHaveLength(7)
  expect(webhook?.format === 'standard' && webhook.secret.reveal()).toBe(secret)
  expect(JSON.stringify(webhook)).not.toContain(secret)
})

test('a receiver of the data push has actions, at most three repetitions, and a password that no log shows', () => {
  const auth = 'auth: { kind: basic, username: parley, password: pw-4711 }'
  const { file: config, problems } = parseConfigFile(
    file(
      `  - { ${crm}, format: ccc, events: [cdr, record], ${auth} }\n  - { ${crm.replace('crm,', 'bare,')}, format: ccc, events: [cdr] }`,
    ),
  )
  expect(problems).toEqual([])
  expect(config?.webhooks).toMatchObject([{ events: ['call.ended', 'recording.ready'] }, { auth: { kind: 'none' } }])
  for (const { retryDelaysMs } of config?.webhooks ?? []) expect(retryDelaysMs).toHaveLength(3)
  expect(JSON.stringify(config?.webhooks)).not.toContain('pw-4711')
})

const good = `secret: ${secret}, events: [call.ended]`
test.each([
  [`{ ${crm}, events: [call.ended] }`, 'webhooks[0].secret: must be a text, { env: NAME } or { file: path }'],
  [
    `{ ${crm}, secret: short, events: [call.ended] }`,
    'webhooks[0].secret: must be whsec_ and 24 to 64 bytes in base64',
  ],
  [
    `{ ${crm}, secret: { env: NOPE }, events: [call.ended] }`,
    'webhooks[0].secret: environment variable NOPE is not set',
  ],
  [
    `{ ${crm}, secret: ${secret}, events: [call.lost] }`,
    'webhooks[0].events[0]: must be one of call.answered, call.ended, recording.ready, call.analysed',
  ],
  [`{ ${crm}, secret: ${secret}, events: [] }`, 'webhooks[0].events: must have at least one entry'],
  [`{ ${crm}, format: ccc, events: [call.ended] }`, 'webhooks[0].events[0]: must be one of cdr, record'],
  [`{ ${crm}, format: xml, ${good} }`, 'webhooks[0].format: format must be standard or ccc'],
  [
    `{ ${crm.replace('https', 'ftp')}, ${good} }`,
    'webhooks[0].url: must be an http or https address without user, password and fragment',
  ],
  [
    `{ ${crm.replace('//', '//u:p@')}, ${good} }`,
    'webhooks[0].url: must be an http or https address without user, password and fragment',
  ],
  [`{ ${crm.replace('1400000001', '7')}, ${good} }`, 'webhooks[0].sdkAppId: must be one of applications'],
  [`{ ${crm}, ${good} }\n  - { ${crm}, ${good} }`, 'webhooks: name crm is given twice'],
])('%s is refused', (entry, problem) => {
  const { problems } = parseConfigFile(file(`  - ${entry}`))
  expect(problems).toEqual([problem])
  expect(problems.join()).not.toContain(secret)
})

test('a receiver on a private address is refused where those are forbidden', () => {
  const dir = mkdtempSync(join(tmpdir(), 'parley-config-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const path = join(dir, 'parley.yaml')
  writeFileSync(path, file(`  - { ${crm.replace('crm.example.com', '169.254.169.254')}, ${good} }`))
  expect(loadConfig({ PARLEY_CONFIG: path, PARLEY_ALLOW_PRIVATE_URLS: '1' })).toHaveProperty('config')
  expect(loadConfig({ PARLEY_CONFIG: path, PARLEY_ALLOW_PRIVATE_URLS: '0' })).toEqual({
    problems: [`${path}: webhooks[0].url: names a private address, which needs PARLEY_ALLOW_PRIVATE_URLS=1`],
  })
})
