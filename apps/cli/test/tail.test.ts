import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { run, start } from './command.ts'

const id = '3fa85f64-5717-4562-b3fc-2c963f66afa6'
const frame = (seq: number, type: string, more: object = {}) =>
  `id: ${id}:${seq}\nevent: ${type}\ndata: ${JSON.stringify({ type, callId: id, seq, time: '2026-01-31T08:00:05.400Z', ...more })}\n\n`

/** An engine of which only the events answer; `serve` gets the number of the request and its Last-Event-ID. */
async function eventServer(serve: (response: ServerResponse, count: number, lastId: string | undefined) => void) {
  let count = 0
  const server = createServer((request, response) => {
    count += 1
    serve(response, count, request.headers['last-event-id']?.toString())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { PARLEY_URL: url, PARLEY_SECRET_ID: 'id', PARLEY_SECRET_KEY: 'key' }
}

test('a stream that breaks off is taken up where it broke', async () => {
  const asked: (string | undefined)[] = []
  const environment = await eventServer((response, count, lastId) => {
    asked.push(lastId)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    if (count === 1) response.write(frame(3, 'call.answered'), () => response.destroy())
    else response.end(frame(4, 'call.ended', { outcome: { kind: 'completed', by: 'user' } }))
  })
  expect(await run(['tail', id], environment)).toEqual({
    code: 0,
    stdout: '08:00:05.4  call       answered\n08:00:05.4  call       ended, completed by user\n',
    stderr: '',
  })
  expect(asked).toEqual([undefined, `${id}:3`])
})

test('partial words are shown when asked for, and calls are told apart in an application', async () => {
  const environment = await eventServer((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(frame(3, 'call.answered') + frame(4, 'transcript.partial', { text: 'I would' }))
  })
  const tail = start(['tail', '--partial'], environment)
  while (!tail.stdout().includes('I would')) await new Promise((resolve) => setTimeout(resolve, 20))
  tail.kill('SIGINT')
  expect(await tail.ended).toEqual({
    code: 130,
    stdout: '3fa85f64  08:00:05.4  call       answered\n3fa85f64  08:00:05.4  user       I would ...\n',
    stderr: '',
  })
})

test('a refusal ends it at once', async () => {
  const environment = await eventServer((response) => {
    response.writeHead(503, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ status: 503, title: 'there are too many event streams now' }))
  })
  const ended = await run(['tail', id], environment)
  expect(ended).toEqual({ code: 1, stdout: '', stderr: 'parley: there are too many event streams now\n' })
})
