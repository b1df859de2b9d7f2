import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { essentialActions, furtherActions } from './sdk/action-names.ts'
import { actionRows } from './sdk/action-rows.ts'
import { nodeSdkClient } from './sdk/node-sdk-client.ts'
import { otherClients } from './sdk/other-clients.ts'
import { processSdkClient } from './sdk/process-sdk-client.ts'
import { startRecordingProxy } from './sdk/recording-proxy.ts'
import { recordingSdkClient } from './sdk/recording-sdk-client.ts'
import { runActions, type SdkRun } from './sdk/run-actions.ts'
import { nameOf, type SdkAnswer, type SdkClient, sendsOwnHeaders, transports } from './sdk/sdk-client.ts'
import { type SdkHouse, startSdkHouse } from './sdk/sdk-house.ts'
import { sdkTable } from './sdk/sdk-table.ts'
import { type SdkVector, writeVectors } from './sdk/sdk-vectors.ts'

/** The Node SDK always; those of other languages where `scripts/sdk-clients` names programs that use them. */
const others = otherClients(process.env.PARLEY_SDK_CLIENTS)
const vectorsDirectory = process.env.PARLEY_SDK_VECTORS
const sdks = [{ name: 'node', exception: 'TencentCloudSDKHttpException' }, ...others]
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const runs = new Map<string, SdkRun>()
let house: SdkHouse

beforeAll(async () => {
  house = await startSdkHouse()
  await runAll(nodeSdkClient(house.endpoint, house.secretId), 0)
  for (const [index, { name, command }] of others.entries()) {
    await using proxy = await startRecordingProxy(house.endpoint)
    await using program = processSdkClient(name, command, proxy.endpoint, house.secretId)
    const vectors: SdkVector[] = []
    const { secretId, secretKey } = house
    await runAll(recordingSdkClient(program, proxy, { secretId, secretKey }, vectors), index + 1)
    if (vectorsDirectory) writeVectors(vectorsDirectory, name, vectors)
  }
}, 150_000 * sdks.length)

async function runAll(sdk: SdkClient, index: number): Promise<void> {
  const pending = transports.map(async (transport, at) => {
    const digits = String(1000 + index * transports.length + at)
    runs.set(`${sdk.name} ${nameOf(transport)}`, await runActions(sdk, house, transport, `00861300000${digits}`))
  })
  await Promise.all(pending)
}

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
  if (others.length > 0)
    console.log(
      sdkTable(
        runs,
        sdks.map(({ name }) => name),
      ),
    )
})

test('every essential and further action has a row', () => {
  const rows = actionRows.map(({ action }) => action)
  const named = [...essentialActions, ...furtherActions]
  expect(named.filter((action) => !rows.includes(action))).toEqual([])
  expect(new Set(rows).size).toBe(rows.length)
})

test('the SDKs of other languages have used every action, as docs/sdks.md says', () => {
  const file = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
  const used = actionRows.map(({ action }) => action)
  for (const language of ['go', 'python', 'java']) {
    const sent = file(`packages/api/test/fixtures/sdk-vectors/${language}.json`)
    expect(used.filter((action) => !sent.includes(`"action": "${action}"`))).toEqual([])
  }
  const counts = [...file('docs/sdks.md').matchAll(/all of (\d+) actions/g)].map(([, count]) => Number(count))
  expect(counts).toEqual([used.length, used.length, used.length])
})

const ways = sdks.flatMap((sdk) => transports.map((transport) => ({ ...sdk, ...transport, by: nameOf(transport) })))

describe.each(ways)('the official SDK for $name by $by', ({ name, by, exception, signMethod }) => {
  const run = () => {
    const found = runs.get(`${name} ${by}`)
    if (!found) throw new Error('no run')
    return found
  }

  /** An exception of the SDK's own, with all that a user switches on. */
  function expectFailure(answer: SdkAnswer | undefined, code: unknown): void {
    const [message, requestId] = [/\S/, uuid].map((form) => expect.stringMatching(form))
    expect(answer).toEqual({ error: { kind: exception, code, message, requestId } })
  }

  test.each(actionRows)('has $action done', ({ action, expected }) => {
    const { stage, answers } = run()
    expect(answers.get(action)).toEqual({
      response: expect.objectContaining({ RequestId: expect.stringMatching(uuid), ...expected(stage) }),
    })
  })

  test.each(actionRows)('is refused $action for an application of somebody else', ({ action }) => {
    const code = /^InvalidParameter(Value\.InstanceNotExist|\.InstanceNotExist|)$/
    expectFailure(run().refusals.get(action), expect.stringMatching(code))
  })

  test.runIf(sendsOwnHeaders(name, { signMethod }))('makes no second call with the same idempotency key', () => {
    const { repeated, stage } = run()
    expect(repeated).toMatchObject({ response: { SessionId: stage.sessionId } })
  })

  test('is told of a wrong key and of a call that is not there', () => {
    expectFailure(run().wrongKey, 'AuthFailure.SignatureFailure')
    expectFailure(run().noSession, 'FailedOperation.SessionNotExists')
  })
})
