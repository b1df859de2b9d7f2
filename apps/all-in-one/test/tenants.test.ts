import { expect, test } from 'vitest'
import { sdkClient } from '../src/demo/sdk-client.ts'
import { testApplication } from './engine-process.ts'
import { callRequest, finishedCdr, placeCall } from './placed-call.ts'
import { saysGoodbye, startTestHouse } from './test-house.ts'

const second = { sdkAppId: 1_400_000_002, secretId: 'AKIDsecond', secretKey: 'second-secret-key' }
const firstNumber = '+8675500000001'
const secondNumber = '+8675500000002'
const ownNumber = '+8675500000003'

const keysOf = ({ sdkAppId, secretId, secretKey }: typeof second) => ({ sdkAppId, keys: [{ secretId, secretKey }] })

test('two applications share a trunk but not their numbers, and a trunk added at run time carries a call', {
  timeout: 120_000,
}, async () => {
  await using house = await startTestHouse(
    { '0001': saysGoodbye },
    {
      trunk: {
        numbers: [
          { number: firstNumber, sdkAppIds: [testApplication.sdkAppId] },
          { number: secondNumber, sdkAppIds: [second.sdkAppId] },
        ],
      },
      config: () => ({ applications: [testApplication, second].map(keysOf) }),
    },
  )
  const { httpPort } = house.engine
  const other = sdkClient(httpPort, second)
  const request = (more: object) => callRequest('008613000000001', house.modelUrl, more)
  const asSecond = (more: object = {}) => placeCall(other, { ...request(more), SdkAppId: second.sdkAppId })

  // Each dials with its own number, and with no other.
  const numbers = await other.DescribeNumbers({ SdkAppId: second.sdkAppId })
  expect(numbers.Numbers?.map(({ Number: number }) => number)).toEqual([secondNumber])
  await expect(asSecond({ Callers: [firstNumber] })).rejects.toMatchObject({ code: 'FailedOperation.NoCallOutNumber' })
  const [first, foreign] = [await house.call('0001'), await asSecond()]
  await expect(other.DescribeSessionDetail({ ...timesOf(second), SessionId: first })).rejects.toMatchObject({
    code: 'FailedOperation.SessionNotExists',
  })
  expect(await finishedCdr(house.client, first, 40_000)).toMatchObject({ Caller: firstNumber })
  const cdrOf = async (session: string) => {
    const detail = await other.DescribeSessionDetail({ ...timesOf(second), SessionId: session })
    return detail.EndedTimestamp ? detail : undefined
  }
  await expect.poll(() => cdrOf(foreign), { timeout: 40_000 }).toMatchObject({ Caller: secondNumber })

  // The second one brings a carrier of its own.
  const v1 = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const authorization = `Basic ${btoa(`${second.secretId}:${second.secretKey}`)}`
    const answer = await fetch(`http://127.0.0.1:${httpPort}/v1${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, etag: answer.headers.get('etag') ?? '', value: text && JSON.parse(text) }
  }
  const trunk = await v1('POST', '/trunks', {
    name: 'own',
    gateways: [{ host: '127.0.0.1', port: house.phone.port, transport: 'udp' }],
    auth: { kind: 'digest', username: 'alice', password: 'trunk-secret' },
  })
  expect(trunk).toMatchObject({ status: 201, value: { name: `${second.sdkAppId}/own` } })
  expect(JSON.stringify(trunk.value)).not.toContain('trunk-secret')
  const { id } = trunk.value
  expect(await v1('POST', '/numbers', { trunkId: id, number: ownNumber, maxConcurrent: 2 })).toMatchObject({
    status: 201,
  })
  const own = await asSecond({ Callers: [ownNumber] })
  await expect.poll(() => cdrOf(own), { timeout: 40_000 }).toMatchObject({ Caller: ownNumber, HungUpSide: 'system' })
  expect((await v1('GET', `/calls/${own}`)).value).toMatchObject({ trunk: `${second.sdkAppId}/own` })
  expect((await v1('GET', `/trunks/${id}/status`)).value).toMatchObject({ enabled: true, callsNow: 0, up: true })

  // Switched off it takes none; gone it is not there.
  expect(await v1('DELETE', `/trunks/${id}`, undefined, { 'if-match': '*' })).toMatchObject({ status: 409 })
  await v1('POST', `/trunks/${id}/disable`)
  await expect(asSecond({ Callers: [ownNumber] })).rejects.toMatchObject({ code: 'FailedOperation.NoCallOutNumber' })
  const listed = (await v1('GET', '/numbers')).value.numbers as { id: number; number: string }[]
  const numberId = listed.find(({ number }) => number === ownNumber)?.id
  await v1('DELETE', `/numbers/${numberId}`, undefined, { 'if-match': '*' })
  expect(await v1('DELETE', `/trunks/${id}`, undefined, { 'if-match': '*' })).toMatchObject({ status: 204 })
  expect(await v1('GET', `/trunks/${id}`)).toMatchObject({ status: 404 })
  expect(house.engine.log()).not.toContain('trunk-secret')
})

const timesOf = ({ sdkAppId }: typeof second) => {
  const nowSeconds = Math.floor(Date.now() / 1_000)
  return { SdkAppId: sdkAppId, StartTimestamp: nowSeconds - 3_600, EndTimestamp: nowSeconds + 60 }
}
