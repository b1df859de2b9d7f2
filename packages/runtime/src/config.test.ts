import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { turnDefaults } from '@parley/core'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig } from './config.ts'
import { parseConfigFile } from './config-file.ts'
import { readSettings } from './env.ts'
import { settingsReference } from './settings-reference.ts'

const file = `
applications:
  - sdkAppId: 1400000001
    keys: [{ secretId: AKIDdemo, secretKey: demo-secret }]
trunks:
  - name: carrier-a
    gateways: [{ host: 127.0.0.1, port: 5070, transport: udp }]
    auth: { kind: digest, username: alice, password: s3cret }
    numbers: ["+8675500000001"]
    limits: { maxConcurrent: 10, maxCps: 5 }
`

test('a complete file is read with its defaults', () => {
  const { file: config, problems } = parseConfigFile(file)
  expect(problems).toEqual([])
  expect(config?.trunks[0]).toMatchObject({ name: 'carrier-a', limits: { maxConcurrent: 10, maxCps: 5 } })
  expect(config?.speech).toEqual({
    recognizer: { kind: 'embedded' },
    synthesizer: { kind: 'embedded' },
    phraseCacheMb: 64,
  })
  expect(config?.llm).toEqual({ hedge: false })
})

test('turn-taking that the file says nothing of is that of the engine', () => {
  const { file: config } = parseConfigFile(`${file}turnTaking: { speculation: { inSpeech: true }, minGapMs: 0 }\n`)
  const { endpointing, speculation, bargeIn } = turnDefaults
  expect(config?.turnTaking).toEqual({
    endpointing: { threshold: endpointing.threshold, actionDelayMs: endpointing.actionDelayMs },
    speculation: { ...speculation, inSpeech: true },
    bargeIn: { minWords: bargeIn.minWords, duckAfterMs: bargeIn.duckAfterMs, duckGainDb: bargeIn.duckGainDb },
    minGapMs: 0,
  })
  expect(parseConfigFile(file).file?.turnTaking).toEqual({
    ...config?.turnTaking,
    speculation: turnDefaults.speculation,
    minGapMs: turnDefaults.minGapMs,
  })
})

test('a knob of turn-taking out of its range is a problem that names the range', () => {
  const { problems } = parseConfigFile(`${file}turnTaking:
  endpointing: { threshold: 1.5, actionDelayMs: soon, timeoutMs: 500 }
  speculation: { afterMs: -1, maxPerTurn: 2.5, inSpeech: maybe, maxWastedTokens: 1000001 }
  bargeIn: { minWords: 0, duckAfterMs: 10, duckGainDb: 6 }
  minGapMs: 2001
`)
  expect(problems).toEqual([
    'turnTaking.endpointing.threshold: must be a number, 0 to 1',
    'turnTaking.endpointing.actionDelayMs: must be a whole number, 0 to 2000',
    'turnTaking.endpointing: Unrecognized key: "timeoutMs"',
    'turnTaking.speculation.afterMs: must be a whole number, 0 to 2000',
    'turnTaking.speculation.maxPerTurn: must be a whole number, 0 to 10',
    'turnTaking.speculation.inSpeech: must be true or false',
    'turnTaking.speculation.maxWastedTokens: must be a whole number, 0 to 1000000',
    'turnTaking.bargeIn.minWords: must be a whole number, 1 to 20',
    'turnTaking.bargeIn.duckAfterMs: must be a whole number, 20 to 1000',
    'turnTaking.bargeIn.duckGainDb: must be a number, -60 to 0',
    'turnTaking.minGapMs: must be a whole number, 0 to 2000',
  ])
})

test.each([
  ['{ kind: deepgram-flux, apiKey: k }', []],
  ['{ kind: deepgram-flux, apiKey: k, eagerThreshold: 0.5, threshold: 0.6 }', []],
  [
    '{ kind: deepgram-flux, apiKey: k, eagerThreshold: 0.1, threshold: 2 }',
    [
      'speech.recognizer.eagerThreshold: must be a number, 0.3 to 0.9',
      'speech.recognizer.threshold: must be a number, 0.5 to 1',
    ],
  ],
  [
    '{ kind: deepgram-flux, apiKey: k, eagerThreshold: 0.8 }',
    ['speech.recognizer.eagerThreshold: must not be above threshold (0.7 when not set)'],
  ],
])('a recogniser that finds ends of turns itself: %s', (recognizer, problems) => {
  expect(parseConfigFile(`${file}speech: { recognizer: ${recognizer} }\n`).problems).toEqual(problems)
})

test('every problem of a file is reported at once, each with its key', () => {
  const { problems } = parseConfigFile(`
applications: [{ sdkAppId: -1, keys: [] }]
trunks:
  - { name: "bad name", gateways: [{ host: "", port: 99999 }], numbers: [hello], surprise: 1 }
inbound: { sdkAppId: 5, llm: { url: nowhere, apiKey: k } }
`)
  const keys = problems.map((problem) => problem.split(':')[0])
  expect(keys).toEqual(
    expect.arrayContaining([
      'applications[0].sdkAppId',
      'applications[0].keys',
      'trunks[0].name',
      'trunks[0].gateways[0].host',
      'trunks[0].gateways[0].port',
      'trunks[0].numbers[0]',
      'trunks[0]',
      'inbound.llm.url',
    ]),
  )
})

test('the same name twice, or an inbound application that does not exist, is a problem', () => {
  const twice = parseConfigFile(
    `${file}  - { name: carrier-a, gateways: [{ host: a }], numbers: ["+1555"] }\ninbound: { sdkAppId: 7, llm: { url: "http://a", apiKey: k } }\n`,
  )
  expect(twice.problems).toEqual([
    'trunks: name carrier-a is given twice',
    'inbound.sdkAppId: must be one of applications',
  ])
})

test('YAML that cannot be parsed is one clear problem', () => {
  expect(parseConfigFile('a: [').problems[0]).toMatch(/^not valid YAML/)
})

test('environment and file problems come together', () => {
  const directory = mkdtempSync(join(tmpdir(), 'parley-config-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'parley.yaml')
  writeFileSync(path, 'applications: []\ntrunks: []\n')
  const result = loadConfig({
    PARLEY_HTTP_PORT: 'eighty',
    PARLEY_RTP_PORTS: '5-6',
    PARLEY_TYPO: '1',
    PARLEY_CONFIG: path,
  })
  expect(result).toEqual({
    problems: [
      'PARLEY_HTTP_PORT: must be a whole number, 0 to 65535',
      'PARLEY_RTP_PORTS: must span at least 4 ports within 1024-65535',
      'PARLEY_TYPO: no such setting',
      `${path}: applications: must have at least one entry`,
      `${path}: trunks: must have at least one entry`,
    ],
  })
})

test('the variables of the command that asks an engine are no wrong settings', () => {
  const client = { PARLEY_URL: 'http://127.0.0.1:8080', PARLEY_SECRET_ID: 'AKIDdemo', PARLEY_SECRET_KEY: 'x' }
  expect(
    readSettings({ ...client, PARLEY_SDK_APP_ID: '1', PARLEY_MODEL_KEY: 'k', PARLEY_CLI_CONFIG: 'f' }).problems,
  ).toEqual([])
})

test('a TLS certificate without its key is a problem', () => {
  expect(loadConfig({ PARLEY_SIP_TLS_CERT: '/etc/parley/sip.crt' })).toEqual({
    problems: ['PARLEY_SIP_TLS_CERT, PARLEY_SIP_TLS_KEY: go together'],
  })
})

test('a file that is not there is named', () => {
  expect(loadConfig({ PARLEY_CONFIG: '/nowhere/parley.yaml' })).toEqual({
    problems: ['/nowhere/parley.yaml: cannot be read (ENOENT)'],
  })
})

test.each([
  [{}, true],
  [{ PARLEY_BIND_HOST: '::1' }, true],
  [{ PARLEY_BIND_HOST: '0.0.0.0' }, false],
  [{ PARLEY_BIND_HOST: '192.0.2.1' }, false],
  [{ PARLEY_BIND_HOST: '0.0.0.0', PARLEY_ALLOW_PRIVATE_URLS: '1' }, true],
  [{ PARLEY_ALLOW_PRIVATE_URLS: '0' }, false],
])('with %o private hosts may be named: %o', (environment, allowPrivateUrls) => {
  expect(loadConfig(environment)).toMatchObject({ config: { allowPrivateUrls } })
})

test('docs/settings.md is what the code says', () => {
  const path = new URL('../../../docs/settings.md', import.meta.url)
  if (process.env.UPDATE_DOCS) writeFileSync(path, settingsReference())
  expect(readFileSync(path, 'utf8')).toBe(settingsReference())
})

test('skill groups are read with their defaults', () => {
  const { file: config, problems } = parseConfigFile(`${file}skillGroups:
  - { id: 7, name: sales, targets: [{ number: "+8613900000001", trunk: carrier-a }, { sip: "sip:desk@127.0.0.1:5070", trunk: carrier-a }] }
`)
  expect(problems).toEqual([])
  expect(config?.skillGroups).toMatchObject([{ id: 7, mode: 'bridge', ringMs: 25_000, summary: true }])
})

test('the port of a gateway that names none is the one of its transport', () => {
  const problemsOf = (gateway: string, port: number) =>
    parseConfigFile(`${file.replace('host: 127.0.0.1, port: 5070, transport: udp', gateway)}skillGroups:
  - { id: 7, name: sales, targets: [{ sip: "sip:desk@sip.test:${port}", trunk: carrier-a }] }
`).problems
  expect(problemsOf('host: sip.test', 5060)).toEqual([])
  expect(problemsOf('host: sip.test, transport: tls', 5061)).toEqual([])
  expect(problemsOf('host: sip.test, transport: tls', 5060)).toHaveLength(1)
})

test('a skill group leads to nothing but its trunks', () => {
  const { problems } = parseConfigFile(`${file}skillGroups:
  - { id: 7, name: a, targets: [{ sip: "sip:desk@10.0.0.1", trunk: carrier-a }] }
  - { id: 7, name: b, targets: [{ number: "+861390000", trunk: nobody }] }
`)
  expect(problems).toEqual([
    'skillGroups: id 7 is given twice',
    'skillGroups[0].targets[0].sip: its host and port must be those of a gateway of trunk carrier-a',
    'skillGroups[1].targets[0].trunk: must be the name of one of trunks',
  ])
  const wrong = parseConfigFile(`${file}skillGroups:
  - { id: 0, name: a, targets: [], ringMs: 5 }
  - { id: 1, name: b, targets: [{ trunk: carrier-a }, { sip: "sip:a@b;x=y", trunk: carrier-a }] }
`).problems.join('\n')
  for (const key of ['skillGroups[0].id', '[0].targets', '[0].ringMs', '[1].targets[0]', '[1].targets[1].sip']) {
    expect(wrong).toContain(key)
  }
})

test('an assistant for incoming calls hands callers to groups that are there', () => {
  const inbound = (skillGroup: number) => `${file}skillGroups:
  - { id: 7, name: sales, targets: [{ number: "+8613900000001", trunk: carrier-a }] }
inbound:
  sdkAppId: 1400000001
  llm: { type: openai, url: "https://example.com/v1/", apiKey: k }
  transfers: [{ function: to_sales, description: The caller wants to buy., skillGroup: ${skillGroup} }]
`
  expect(parseConfigFile(inbound(7)).problems).toEqual([])
  expect(parseConfigFile(inbound(8)).problems).toEqual([
    'inbound.transfers[0].skillGroup: must be the id of one of skillGroups',
  ])
})
