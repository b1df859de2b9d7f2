import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { apiHouse } from './api-house.ts'

let house: ReturnType<typeof apiHouse>
let port: number

beforeEach(async () => {
  house = apiHouse()
  port = (await house.api.listen({ host: '127.0.0.1', port: 0 })).port
})
afterEach(() => house.api[Symbol.asyncDispose]())

/** Announces a body of `bytes` and sends all of it, then says what came back. */
async function post(bytes: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let answer = ''
  let broken: string | undefined
  socket.on('data', (chunk) => {
    answer += chunk
  })
  socket.on('error', (error) => {
    broken = String(error)
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`)
  socket.write(Buffer.alloc(bytes, 0x20))
  await closed
  return broken ?? answer
}

test('a body beyond the limit is answered with its code, not with a broken connection', async () => {
  for (let round = 0; round < 5; round += 1) expect(await post(16_000_000)).toContain('RequestSizeLimitExceeded')
})

test('a body without end is cut off', async () => {
  expect(await post(100_000_000)).toMatch(/RequestSizeLimitExceeded|EPIPE|ECONNRESET/)
})
