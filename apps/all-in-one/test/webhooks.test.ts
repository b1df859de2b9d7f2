import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { testApplication } from './engine-process.ts'
import { saysGoodbye, startTestHouse } from './test-house.ts'

interface Received {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A receiver that refuses the first request of `/crm` and takes all others. */
async function startReceiver() {
  const received: Received[] = []
  const watchers = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const { url = '', headers } = request
    const isFirst = url === '/crm' && !received.some((other) => other.url === '/crm')
    received.push({ url, headers, body: Buffer.concat(pieces).toString('utf8') })
    response.statusCode = isFirst ? 500 : 200
    response.end('{"ErrCode":0,"ErrMsg":""}')
    for (const look of watchers) look()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const count = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error(`${received.length} of ${wanted} requests came`)), 60_000)
      const look = () => {
        if (received.length < wanted) return
        clearTimeout(deadline)
        resolve()
      }
      watchers.add(look)
      look()
    })
  return { origin, received, count }
}

test('when a call ends its receivers are told, and where its recording is', { timeout: 120_000 }, async () => {
  const receiver = await startReceiver()
  const key = Buffer.alloc(32, 5)
  const { sdkAppId } = testApplication
  const secret = `whsec_${key.toString('base64')}`
  await using house = await startTestHouse(
    { '0001': saysGoodbye },
    {
      config: () => ({
        webhooks: [
          { name: 'crm', sdkAppId, url: `${receiver.origin}/crm`, secret, events: ['call.ended', 'recording.ready'] },
          { name: 'ccc', sdkAppId, url: `${receiver.origin}/ccc`, format: 'ccc', events: ['cdr', 'record'] },
        ],
      }),
    },
  )
  const session = await house.call('0001')
  // One of each to both, and the one that was refused again.
  await receiver.count(5)

  const signed = receiver.received.filter(({ url }) => url === '/crm')
  for (const { headers, body } of signed) {
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = headers
    expect(signature).toBe(`v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`)
  }
  const [refused] = signed
  const ids = signed.map(({ headers }) => headers['webhook-id'])
  expect(ids.filter((id) => id === refused?.headers['webhook-id'])).toHaveLength(2)
  expect(new Set(ids).size).toBe(2)
  const told = signed.map(({ body }) => JSON.parse(body))
  const ended = told.find(({ type }) => type === 'call.ended')
  const recording = told.find(({ type }) => type === 'recording.ready')
  expect(ended?.data).toMatchObject({ callId: session, sdkAppId, direction: 'outbound', endStatus: 'ok' })
  const audio = await (await fetch(recording?.data.url)).arrayBuffer()
  expect(audio.byteLength).toBe(recording?.data.bytes)

  const pushed = receiver.received.filter(({ url }) => url.startsWith('/ccc'))
  const bodies = new Map(pushed.map(({ url, body }) => [url, JSON.parse(body)]))
  expect(bodies.get('/ccc?action=cdr&version=1')).toMatchObject({ SessionId: session, EndStatusString: 'ok' })
  expect(bodies.get('/ccc?action=record&version=1')).toMatchObject({ SessionId: session, RecordId: session })
})
