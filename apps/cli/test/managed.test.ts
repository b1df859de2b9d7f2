import type { EndedCommand } from '@parley/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApplication } from '../../all-in-one/test/engine-process.ts'
import { startTestHouse, type TestHouse } from '../../all-in-one/test/test-house.ts'
import { run } from './command.ts'

const { sdkAppId, secretId, secretKey } = testApplication
let house: TestHouse
let environment: Readonly<Record<string, string>>

beforeAll(async () => {
  house = await startTestHouse({})
  environment = {
    PARLEY_URL: `http://127.0.0.1:${house.engine.httpPort}`,
    PARLEY_SECRET_ID: secretId,
    PARLEY_SECRET_KEY: secretKey,
    PARLEY_SDK_APP_ID: String(sdkAppId),
  }
})

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
})

const parley = (...args: readonly string[]) => run(args, environment)

/** The environment that a new key's lines stand for. */
const withKey = ({ stdout }: EndedCommand) => ({
  ...environment,
  ...Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  ),
})

test('keys are made, shown, exchanged, switched off and deleted', { timeout: 60_000 }, async () => {
  const made = await parley('keys', 'add', '--name', 'night shift', '--role', 'viewer')
  expect(made).toMatchObject({ code: 0, stderr: 'the secret is shown this once\n' })
  const viewer = withKey(made)
  const id = viewer.PARLEY_SECRET_ID ?? ''
  expect(await run(['calls'], viewer)).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await run(['keys'], viewer)).toMatchObject({ code: 4, stdout: '' })
  const { stdout } = await parley('keys')
  expect(stdout).toMatch(new RegExp(`^SECRET ID .*\\n([\\s\\S]*\\n)?${id} +viewer +on .* API +night shift\\n`))
  expect(stdout).toMatch(/^AKIDtest +admin +on .* parley\.yaml/m)

  const next = withKey(await parley('keys', 'rotate', id, '--grace', '0'))
  expect(await run(['calls'], next)).toMatchObject({ code: 0 })
  const nextId = next.PARLEY_SECRET_ID ?? ''
  expect(await parley('keys', 'disable', nextId)).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await run(['calls'], next)).toMatchObject({ code: 4 })
  expect(await parley('keys', 'enable', nextId)).toMatchObject({ code: 0 })
  expect(await run(['calls'], next)).toMatchObject({ code: 0 })
  expect(await parley('keys', 'delete', nextId)).toEqual({ code: 0, stdout: '', stderr: '' })
  expect((await parley('keys', '--json')).stdout).not.toContain(nextId)
  expect(await parley('keys', 'disable', secretId)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('parley.yaml'),
  })
})

test('trunks are shown as the engine sees them', { timeout: 60_000 }, async () => {
  expect((await parley('trunks')).stdout).toMatch(/^ID +NAME +STATE .*\n\d+ +phone +up +- +0 +-\n$/)
  expect(JSON.parse((await parley('trunks', '--json')).stdout)).toMatchObject({ name: 'phone', status: { up: true } })
})

test.each([
  [['keys', 'bury'], 'bury'],
  [['keys', 'rotate'], 'SECRETID'],
  [['keys', '--grace', '5'], '--grace goes with rotate'],
  [['keys', 'rotate', 'x', '--role', 'admin'], '--role goes with add'],
  [['keys', 'rotate', 'x', '--grace', 'long'], '--grace'],
  [['calls', '--state', 'queued'], '--state must be one of created, dialing'],
  [['calls', '--outcome', 'answered'], '--outcome must be one of completed'],
  [['calls', '--direction', 'in'], '--direction must be one of inbound, outbound'],
])('%j ends with 2 and says why', async (args, why) => {
  expect(await parley(...args)).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(why) })
})
