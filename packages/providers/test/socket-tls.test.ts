import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo, LookupFunction } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { VirtualClock } from '@parley/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { createSocketSynthesizer } from '../src/tts/socket/socket-synthesizer.ts'
import { SpareLines } from '../src/tts/socket/spare-lines.ts'
import { selfSigned } from './self-signed.ts'
import { collect, noAbort, pcm, texts } from './socket-service.ts'

const lookup: LookupFunction = (_name, { all }, done) =>
  all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)

test('over TLS a service must prove its name, on a line that waited as on a new one', async () => {
  const { key, cert, trust } = selfSigned('voice.example.com')
  const server = createServer({ key, cert })
  const names: unknown[] = []
  new WebSocketServer({ server }).on('connection', (socket, request) => {
    names.push((request.socket as TLSSocket).servername)
    socket.send(pcm(500))
    socket.send('end')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const lines = new SpareLines(new VirtualClock(), { lookup })
  onTestFinished(() => {
    lines[Symbol.dispose]()
    server.closeAllConnections()
    server.close()
  })
  const hear = async (host: string, isPrepared: boolean) => {
    const url = new URL(`wss://${host}:${(server.address() as AddressInfo).port}/`)
    const read = (frame: unknown) => (frame instanceof Uint8Array ? { audio: frame } : { isLast: true })
    const dialect = { name: 'plain', url, requestFor: () => ({ url }), read }
    const voice = createSocketSynthesizer(dialect, { clock: new VirtualClock(), lines, patienceMs: 2_500 })
    if (isPrepared) await voice.prewarm?.()
    return collect(voice.speak(texts('Hello.'), noAbort())).catch(({ code }) => code)
  }

  for (const isPrepared of [true, false]) {
    expect(await hear('voice.example.com', isPrepared)).toBe('TTS_UNAVAILABLE')
  }
  trust()
  for (const isPrepared of [true, false]) {
    expect(await hear('voice.example.com', isPrepared)).toEqual([{ item: 0, samples: [500] }])
    expect(await hear('other.example.com', isPrepared)).toBe('TTS_UNAVAILABLE')
    expect(await hear('127.0.0.1', isPrepared)).toBe('TTS_UNAVAILABLE')
  }
  expect(new Set(names)).toEqual(new Set(['voice.example.com']))
})
