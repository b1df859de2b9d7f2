import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { createPinnedFile } from '../src/push/pinned-file.ts'

async function fileServer(answer: (response: ServerResponse) => void) {
  let connections = 0
  const server = createServer((_request, response) => answer(response))
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => connections }
}
const fetchFile = (allowPrivate = true) => createPinnedFile({ clock: new VirtualClock(), allowPrivate })

test('a file comes as it is, up to the limit', async () => {
  const bytes = Buffer.from([0, 255, 128, 10])
  const server = await fileServer((response) => void response.end(bytes))
  expect(await fetchFile()(`${server.origin}/a.mp3`, 4)).toEqual({ kind: 'fetched', bytes })
  expect(await fetchFile()(server.origin, 3)).toEqual({ kind: 'failed', reason: 'too large' })
})

test('anything but 200 is no file, and redirects are not followed', async () => {
  const server = await fileServer((response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end())
  expect(await fetchFile()(server.origin, 10)).toEqual({ kind: 'failed', reason: 'status 302' })
})

test('nothing is fetched from inside unless that is allowed', async () => {
  const server = await fileServer((response) => void response.end('secret'))
  expect(await fetchFile(false)(server.origin, 10)).toEqual({ kind: 'failed', reason: 'private address' })
  expect(server.connections()).toBe(0)
})
