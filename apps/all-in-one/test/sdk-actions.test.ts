import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { essentialActions, furtherActions, notBuilt } from './sdk/action-names.ts'
import { actionRows } from './sdk/action-rows.ts'
import { nodeSdkClient } from './sdk/node-sdk-client.ts'
import { runActions, type SdkRun } from './sdk/run-actions.ts'
import { nameOf, type SdkAnswer, transports } from './sdk/sdk-client.ts'
import { type SdkHouse, startSdkHouse } from './sdk/sdk-house.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
let house: SdkHouse
let runs: ReadonlyMap<string, SdkRun>

beforeAll(async () => {
  house = await startSdkHouse()
  const sdk = nodeSdkClient(house.endpoint, house.secretId)
  const pending = transports.map(async (transport, index): Promise<[string, SdkRun]> => {
    return [
      nameOf(transport),
      await runActions(sdk, house, transport, `0086130000010${String(index).padStart(2, '0')}`),
    ]
  })
  runs = new Map(await Promise.all(pending))
}, 150_000)

afterAll(async () => {
  await house?.[Symbol.asyncDispose]()
})

test('every essential and further action has a row, or is named as not built', () => {
  const rows = actionRows.map(({ action }) => action)
  const named = [...essentialActions, ...furtherActions]
  expect(named.filter((action) => !rows.includes(action) && !notBuilt.includes(action))).toEqual([])
  expect(notBuilt.filter((action) => rows.includes(action))).toEqual([])
  expect(new Set(rows).size).toBe(rows.length)
})

/** An exception of the SDK's own, with all that a user switches on. */
function expectFailure(answer: SdkAnswer | undefined, code: unknown): void {
  expect(answer).toEqual({
    error: {
      kind: 'TencentCloudSDKHttpException',
      code,
      message: expect.stringMatching(/\S/),
      requestId: expect.stringMatching(uuid),
    },
  })
}

describe.each(transports.map(nameOf))('the official Node SDK by %s', (transport) => {
  const run = () => {
    const found = runs.get(transport)
    if (!found) throw new Error('no run')
    return found
  }

  test.each(actionRows)('has $action done', ({ action, expected }) => {
    const { stage, answers } = run()
    expect(answers.get(action)).toEqual({
      response: expect.objectContaining({ RequestId: expect.stringMatching(uuid), ...expected(stage) }),
    })
  })

  test.each(actionRows)('is refused $action for an application of somebody else', ({ action }) => {
    expectFailure(
      run().refusals.get(action),
      expect.stringMatching(/^InvalidParameter(Value\.InstanceNotExist|\.InstanceNotExist|)$/),
    )
  })

  test.each(notBuilt)('is told that %s is not supported', (action) => {
    expectFailure(run().unsupported.get(action), 'UnsupportedOperation')
  })

  test('is told of a wrong key and of a call that is not there', () => {
    expectFailure(run().wrongKey, 'AuthFailure.SignatureFailure')
    expectFailure(run().noSession, 'FailedOperation.SessionNotExists')
  })
})
