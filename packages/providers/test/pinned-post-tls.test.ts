import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { createPinnedPost } from '../src/push/pinned-post.ts'
import { selfSigned } from './self-signed.ts'

test('over TLS a receiver must prove the name it was looked up by', async () => {
  const { key, cert, trust } = selfSigned('receiver.example.com')
  const names: (string | false | null)[] = []
  const server = createServer({ key, cert }, (request, response) => {
    names.push((request.socket as TLSSocket).servername)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const post = createPinnedPost({ clock: new VirtualClock(), allowPrivate: true, resolve: async () => ['127.0.0.1'] })
  const send = (host: string) => {
    const request = { url: `https://${host}:${port}/`, headers: {}, body: '{}', timeoutMs: 5_000, answerBytes: 0 }
    return post(request, new AbortController().signal)
  }
  const refused = { kind: 'failed', reason: 'no connection' }

  expect(await send('receiver.example.com')).toEqual(refused)
  trust()
  expect(await send('receiver.example.com')).toMatchObject({ kind: 'answered', status: 200 })
  expect(await send('other.example.com')).toEqual(refused)
  expect(await send('127.0.0.1')).toEqual(refused)
  expect(names).toEqual(['receiver.example.com'])
})
