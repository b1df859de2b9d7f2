import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApplication } from '../../all-in-one/test/engine-process.ts'
import { until } from '../../all-in-one/test/placed-call.ts'
import { startTellingModel, type TellingModel } from '../../all-in-one/test/telling-model.ts'
import { startTestHouse, type TestHouse } from '../../all-in-one/test/test-house.ts'
import { run, start } from './command.ts'

const greeting = 'This is the shop.'
const agent = { id: 5, name: 'clerk' }
const patient = 'answer: { after: 100ms }\nends: peer\nendsTimeout: 60s\n'
const pressesKeys = `
answer: { after: 100ms }
steps:
  - wait: { heard: end }
  - dtmf: "42"
ends: peer
endsTimeout: 60s
`

let folder: string
let house: TestHouse
let model: TellingModel
let modelUrl: string
let gone: { readonly url: string; close(): void }
let environment: Readonly<Record<string, string>>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parley-cli-'))
  model = await startTellingModel()
  modelUrl = model.open('shop', (text) => (/bicycle/.test(text) ? 'We have ten bicycles.' : 'I see.'))
  gone = await startGoneReceiver()
  const { sdkAppId, secretId, secretKey } = testApplication
  const settings = {
    LLMType: 'openai',
    APIUrl: modelUrl,
    APIKey: 'sk-test',
    Languages: ['en'],
    WelcomeMessage: greeting,
  }
  const webhook = {
    name: 'crm',
    sdkAppId,
    url: gone.url,
    secret: `whsec_${Buffer.alloc(32).toString('base64')}`,
  }
  house = await startTestHouse(
    { '0001': pressesKeys, '0002': patient },
    {
      config: () => ({
        agents: [{ ...agent, sdkAppId, settings }],
        webhooks: [{ ...webhook, events: ['call.ended'] }],
      }),
    },
  )
  environment = {
    PARLEY_URL: `http://127.0.0.1:${house.engine.httpPort}/`,
    PARLEY_SECRET_ID: secretId,
    PARLEY_SECRET_KEY: secretKey,
    PARLEY_SDK_APP_ID: String(sdkAppId),
    PARLEY_MODEL_KEY: 'sk-test',
  }
})

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  await model?.[Symbol.asyncDispose]()
  gone?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

/** Tells every push not to come again. */
async function startGoneReceiver() {
  const server = createServer((_request, response) => response.writeHead(410).end())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() }
}

const parley = (...args: readonly string[]) => run(args, environment)

test('a call is placed, followed, spoken into, ended and looked at', { timeout: 150_000 }, async () => {
  const placed = await parley('call', '008613000000001', '--agent', '5', '--var', 'name=Jane')
  expect(placed).toMatchObject({ code: 0, stderr: '' })
  const id = placed.stdout.trim()

  const tail = start(['tail', id], environment)
  const script = start(['tail', id, '--json'], environment)
  const told = (text: string) => until(text, 40_000, async () => (tail.stdout().includes(text) ? true : undefined))
  await told(`assistant  ${greeting}`)
  await told('key        2')
  expect((await parley('calls', '--state', 'live', '--number', '0001')).stdout).toContain(id)
  expect(await parley('say', id, 'The shop closes soon.')).toEqual({ code: 0, stdout: '', stderr: '' })
  await told('assistant  The shop closes soon.')
  expect(await parley('say', id, 'Do you have a bicycle?', '--ask')).toMatchObject({ code: 0, stderr: '' })
  await told('assistant  We have ten bicycles.')
  await told('latency')
  expect(await parley('recording', id, '-o', join(folder, 'early.wav'))).toMatchObject({ code: 1 })
  expect(await parley('hangup', id)).toEqual({ code: 0, stdout: '', stderr: '' })

  const { code, stdout } = await tail.ended
  expect(code).toBe(0)
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => line.replace(/^[\d:.]+ {2}/, ''))
  expect(lines[0]).toBe('call       dialing')
  expect(lines).toEqual(expect.arrayContaining(['call       answered', 'key        4', 'key        2']))
  expect(lines).toContain('asked      Do you have a bicycle?')
  expect(lines.at(-1)).toBe('call       ended, completed by operator')
  const events = (await script.ended).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['dtmf', 'assistant.said', 'recording.ready']))
  expect(events.at(-1)).toMatchObject({ type: 'call.ended', callId: id })

  const people = (await parley('cdr', id)).stdout
  expect(people).toMatch(/^callee {6}008613000000001$/m)
  expect(people).toMatch(/^end {9}completed by operator$/m)
  expect(people).toMatch(/^keys {8}42$/m)
  expect(JSON.parse((await parley('cdr', id, '--json')).stdout)).toMatchObject({ id, state: 'ended' })
  expect((await parley('calls', '--outcome', 'completed')).stdout).toMatch(
    new RegExp(`^ID .*\n${id}  .* completed by operator\n$`),
  )
  expect((await parley('transcript', id)).stdout).toContain(`assistant: ${greeting}`)
  expect((await parley('transcript', id, '--vtt')).stdout).toMatch(/^WEBVTT\n\n1\n/)
  expect((await parley('sip', id)).stdout).toMatch(/INVITE[\s\S]*200 OK[\s\S]*BYE/)

  const file = join(folder, 'call.wav')
  expect(await parley('recording', id, '-o', file)).toMatchObject({ code: 0, stdout: '' })
  expect(readFileSync(file).subarray(0, 4).toString()).toBe('RIFF')
  const again = await parley('recording', id, '-o', file)
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('--output') })
})

test('a call with a prompt and a model, followed from its first line', { timeout: 90_000 }, async () => {
  const args = [
    'call',
    '008613000000002',
    '--prompt',
    'You keep a shop.',
    '--model-url',
    modelUrl,
    '--key',
    'order-1234',
  ]
  const fields = JSON.stringify({ WelcomeMessage: 'Good day to you.', Languages: ['en'] })
  const call = start([...args, '--fields', '-', '--follow'], environment, fields)
  await until('the greeting', 40_000, async () => (call.stdout().includes('Good day to you.') ? true : undefined))
  const again = await run([...args, '--fields', '-', '--json'], environment, fields)
  const { SessionId } = JSON.parse(again.stdout)
  expect(await parley('say', SessionId, 'Farewell.', '--hangup')).toMatchObject({ code: 0 })
  const { code, stdout, stderr } = await call.ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: `${SessionId}\n` })
  expect(stdout).toMatch(/assistant {2}Farewell\.\n[\s\S]*call {7}ended, completed by say\n$/)
  expect(stdout).not.toContain('\u001b[')
})

test('dead pushes are listed and tried again', { timeout: 90_000 }, async () => {
  const { stdout: id } = await parley('call', '008613000000003', '--agent', '5')
  // The receiver does not want it: a push that is answered 410 is dead at once.
  const dead = await until('the dead push', 40_000, async () => {
    const { stdout } = await parley('webhooks', 'dead', '--json')
    const pushes = stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
    return pushes.find(({ callId }) => callId === id.trim())
  })
  const all = await parley('webhooks')
  expect(all.stdout).toMatch(/^ID +STATE .*\ncrm +on +standard +parley\.yaml +call\.ended +crm +http:\S+\n$/)
  const deliveries = await parley('webhooks', 'deliveries', 'crm')
  expect(deliveries.stdout).toMatch(new RegExp(`\n${dead.id} .* dead .* 1 +410 +status 410\n`))
  const people = await parley('webhooks', 'dead')
  expect(people.stdout).toMatch(
    new RegExp(`^ID .*\n(.*\n)*${dead.id}  crm +call\\.ended +${id.trim()} .* 1 +status 410\n`),
  )
  const replayed = await parley('webhooks', 'replay', 'crm', '--id', dead.id)
  expect(replayed).toEqual({ code: 0, stdout: '1 push is tried again\n', stderr: '' })
  expect(await parley('webhooks', 'replay', 'other')).toMatchObject({ code: 1, stderr: 'parley: no such webhook\n' })
})

test('the doctor finds everything in order, and says what is not', { timeout: 60_000 }, async () => {
  const well = await parley('doctor')
  expect(well).toMatchObject({ code: 0, stderr: '' })
  const checks = well.stdout
    .trim()
    .split('\n')
    .map((line) => /^ok +(\w+)/.exec(line)?.[1])
  expect(checks).toEqual(['engine', 'clock', 'calls', 'trunks', 'key', 'signature', 'numbers'])
  const ill = await run(['doctor', '--json'], { ...environment, PARLEY_SECRET_KEY: 'wrong' })
  expect(ill.code).toBe(1)
  const findings = ill.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(findings.filter(({ ok }) => !ok).map(({ check }) => check)).toEqual(['key', 'signature'])
})

const unknownCall = '3fa85f64-5717-4562-b3fc-2c963f66afa6'

test.each([
  [['cdr', unknownCall], 1, 'no such call'],
  [['tail', unknownCall], 1, 'no such call'],
  [['hangup', unknownCall], 1, 'no such call'],
  [['call', '008613000000002', '--agent', '77'], 1, 'AIAgentId'],
  [['call', '008613000000002', '--agent', '5', '--model', 'x'], 2, '--model'],
  [['call', '008613000000002', '--agent', 'five'], 2, '--agent'],
  [['call', '008613000000002', '--prompt', 'x'], 2, '--model-url'],
  [['call', '008613000000002', '--agent', '5', '--var', 'novalue'], 2, '--var'],
  [['call', '008613000000002', '--fields', '/nonexistent.json'], 2, '--fields /nonexistent.json'],
  [['call', '008613000000002', '--agent', '5', '--key', 'short'], 2, '--key'],
  [['call', '--agent', '5'], 2, 'parley call NUMBER'],
  [['calls', '--limit', '0'], 2, '--limit'],
  [['calls', '--from', 'yesterday'], 1, 'from'],
  [['calls', '--nonsense'], 2, "'--nonsense'"],
  [['cdr', 'abc'], 2, 'SessionId'],
  [['cdr', unknownCall, 'more'], 2, 'more'],
  [['recording', unknownCall], 2, '--output'],
  [['webhooks', 'bury'], 2, 'bury'],
  [['webhooks', 'test'], 2, 'ID'],
  [['webhooks', 'test', 'other'], 1, 'no such webhook'],
  [['dance'], 2, 'dance'],
])('%j ends with %d and says why', async (args, code, why) => {
  const ended = await parley(...args)
  expect(ended).toEqual({ code, stdout: '', stderr: expect.stringContaining(why) })
})

test('an engine that is not there, and a wrong key, have exit codes of their own', async () => {
  const nowhere = { ...environment, PARLEY_URL: 'http://127.0.0.1:9' }
  for (const args of [['calls'], ['tail'], ['doctor'], ['call', '1', '--agent', '5']]) {
    expect(await run(args, nowhere)).toMatchObject({ code: 3, stderr: expect.stringContaining('127.0.0.1:9') })
  }
  const wrong = { ...environment, PARLEY_SECRET_KEY: 'wrong' }
  for (const args of [['calls'], ['tail'], ['call', '008613000000002', '--agent', '5']]) {
    expect(await run(args, wrong)).toMatchObject({ code: 4, stdout: '' })
  }
})
