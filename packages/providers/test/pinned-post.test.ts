import type { ServerResponse } from 'node:http'
import { VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { createPinnedPost } from '../src/push/pinned-post.ts'
import { type Answer, httpServer } from './scripted-http-server.ts'

async function receiver(answer: Answer) {
  const server = await httpServer(answer)
  onTestFinished(() => server[Symbol.asyncDispose]())
  return server
}

const never = new AbortController().signal
const forbidden = () => Promise.reject(new Error('nobody was to be asked'))

function sender(allowPrivate = true, resolve: (name: string) => Promise<readonly string[]> = forbidden) {
  const clock = new VirtualClock()
  const post = createPinnedPost({ clock, allowPrivate, resolve })
  const send = (url: string, answerBytes = 0, signal = never) =>
    post({ url, headers: { 'x-id': '7' }, body: '{"a":"é"}', timeoutMs: 5_000, answerBytes }, signal)
  return { clock, send }
}

test('a request arrives as it was written, and of the answer as much comes back as was wanted', async () => {
  const server = await receiver((response) => void response.end('{"ErrCode":0}'))
  const { send } = sender()
  expect(await send(`${server.origin}/in?a=1`)).toEqual({ kind: 'answered', status: 200, text: '' })
  expect(await send(server.origin, 100)).toEqual({ kind: 'answered', status: 200, text: '{"ErrCode":0}' })
  expect(await send(server.origin, 5)).toEqual({ kind: 'answered', status: 200, text: '{"Err' })
  expect(server.requests[0]).toMatchObject({ url: '/in?a=1', body: { a: 'é' }, headers: { 'x-id': '7' } })
  expect(server.connections()).toBe(3)
})

test('a redirect is an answer and not followed', async () => {
  const inside = await receiver((response) => void response.end())
  const server = await receiver((response) => void response.writeHead(307, { location: inside.origin }).end())
  expect(await sender().send(server.origin, 100)).toMatchObject({ kind: 'answered', status: 307 })
  expect(inside.connections()).toBe(0)
})

test('an answer that never ends is read up to the limit', async () => {
  const endless = (response: ServerResponse) => {
    const more = () => {
      while (response.write('x'.repeat(10_000)));
    }
    response.on('drain', more)
    more()
  }
  const server = await receiver(endless)
  const answer = await sender().send(server.origin, 4_096)
  expect(answer).toEqual({ kind: 'answered', status: 200, text: 'x'.repeat(4_096) })
})

test.each([
  ['never answers', () => {}],
  ['begins an answer and stops', (response: ServerResponse) => void response.writeHead(200).write('{')],
])('a receiver that %s costs one time-out, then its connection is closed', async (_name, begin) => {
  const asked = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  const server = await receiver((response) => {
    response.on('close', () => closed.resolve())
    begin(response)
    asked.resolve()
  })
  const { clock, send } = sender()
  const answer = send(server.origin, 100)
  await asked.promise
  await clock.advance(4_999)
  expect(clock.pendingTimers).toBe(1)
  await clock.advance(1)
  expect(await answer).toEqual({ kind: 'failed', reason: 'timeout' })
  await closed.promise
})

test('a name server that hangs costs one time-out', async () => {
  const { clock, send } = sender(false, () => new Promise(() => {}))
  const answer = send('https://receiver.example.com/')
  await clock.advance(5_000)
  expect(await answer).toEqual({ kind: 'failed', reason: 'timeout' })
})

test('a receiver that resets the connection, or is not there, gave no answer', async () => {
  const server = await receiver((response) => void response.destroy())
  const { send, clock } = sender()
  expect(await send(server.origin)).toEqual({ kind: 'failed', reason: 'no connection' })
  await server[Symbol.asyncDispose]()
  expect(await send(server.origin)).toEqual({ kind: 'failed', reason: 'no connection' })
  expect(clock.pendingTimers).toBe(0)
})

test('a request that is aborted ends with the reason', async () => {
  const stop = new AbortController()
  const server = await receiver(() => stop.abort(new Error('stopping')))
  await expect(sender().send(server.origin, 0, stop.signal)).rejects.toThrow('stopping')
  await expect(sender().send(server.origin, 0, stop.signal)).rejects.toThrow('stopping')
})

test('a name with one private address among public ones is refused before anybody is called', async () => {
  const list =
    '127.0.0.1 10.0.0.1 192.168.1.1 172.16.0.1 169.254.169.254 100.64.0.1 0.0.0.0 ::1 fd00::1 fe80::1 ::ffff:127.0.0.1 ::ffff:a9fe:a9fe 64:ff9b::a00:1'
  for (const address of list.split(' ')) {
    for (const addresses of [[address], ['93.184.216.34', address], ['2001:4860::1', address]]) {
      const { send } = sender(false, async () => addresses)
      expect(await send('http://receiver.example.com/')).toEqual({ kind: 'failed', reason: 'private address' })
    }
  }
})

test('private addresses and names written as such are refused without asking a name server', async () => {
  const server = await receiver((response) => void response.end())
  const { port } = new URL(server.origin)
  const { send } = sender(false)
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost', 'receiver']) {
    expect(await send(`http://${host}:${port}/`)).toEqual({ kind: 'failed', reason: 'private address' })
  }
  expect(server.connections()).toBe(0)
})

test('a name is asked for once, and the connection goes where that answer said', async () => {
  const server = await receiver((response) => void response.end())
  const { port } = new URL(server.origin)
  const answers = [['127.0.0.1'], ['192.0.2.1']]
  const { send } = sender(true, async () => answers.shift() ?? [])
  expect(await send(`http://receiver.example.com:${port}/`)).toMatchObject({ kind: 'answered', status: 200 })
  expect(server.requests[0]?.headers.host).toBe(`receiver.example.com:${port}`)
  expect(answers).toHaveLength(1)
})

test('a name without an address is told apart', async () => {
  const { send } = sender(false, async () => [])
  expect(await send('https://nobody.example.com/')).toEqual({ kind: 'failed', reason: 'name not found' })
})
