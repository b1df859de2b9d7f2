import { callId, generation, type Logger, type MediaEngine, type MediaOptions, type MediaStream } from '@parley/core'
import { createInThreadMediaEngine, createMediaEngine } from '@parley/media'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writeRtpHeader } from '../src/rtp/rtp-packet.ts'
import { SrtpSession } from '../src/srtp/srtp-session.ts'
import { RtpPeer } from './rtp-peer.ts'
import { basics, collect, EventLog, workerUrl } from './stream-watch.ts'
import { frequencyHz, sine } from './tones.ts'

const logged: string[] = []
const note = (message: string, fields?: object) => void logged.push(message + JSON.stringify(fields ?? {}))
const logger: Logger = { debug: note, info: note, warn: note, error: note, child: () => logger }

describe('encrypted legs', { retry: 2 }, () => {
  let near: MediaEngine
  let far: MediaEngine
  beforeAll(async () => {
    near = await createMediaEngine({
      ...basics,
      logger,
      rtpPorts: { min: 22_400, max: 22_499 },
      workerUrl,
      workerCount: 1,
    })
    far = await createInThreadMediaEngine({ ...basics, logger, rtpPorts: { min: 22_500, max: 22_599 } })
  })
  afterAll(async () => {
    await near[Symbol.asyncDispose]()
    await far[Symbol.asyncDispose]()
  })

  const open = (engine: MediaEngine, more: Partial<MediaOptions>) =>
    engine.open({
      callId: callId('call'),
      advertisedHost: '127.0.0.1',
      codecs: ['PCMA'],
      farFieldSuppression: 0,
      ...more,
    })

  /** Plays one second of a tone and returns the frequency the other side heard. */
  async function heardFrom(speaker: MediaStream, log: EventLog, listener: MediaStream, toneHz: number, of: number) {
    const reading = collect(listener)
    const g = generation(of)
    speaker.playout.begin(g)
    speaker.playout.write(g, sine(toneHz, 8000))
    speaker.playout.end(g)
    await log.next('playout.finished')
    await listener[Symbol.asyncDispose]()
    return frequencyHz((await reading).samples)
  }

  test.each([
    ['near', 440],
    ['far', 700],
  ])('two engines that require SRTP hear each other: what the %s one says', async (who, toneHz) => {
    await using caller = await open(near, { srtp: 'required' })
    await using callee = await open(far, { srtp: 'required' })
    const answer = await callee.answerOffer(caller.offer())
    expect(answer.sdp).toContain('RTP/SAVP')
    await caller.acceptAnswer(answer.sdp)
    await Promise.all([caller.start(), callee.start()])
    const [speaker, listener] = who === 'near' ? [caller, callee] : [callee, caller]
    const heardHz = await heardFrom(speaker, new EventLog(speaker), listener, toneHz, 1)
    expect(Math.abs(heardHz - toneHz)).toBeLessThan(10)
    const statistics = await speaker.statistics()
    expect(statistics.packetsReceived).toBeGreaterThan(20)
    expect(statistics).toMatchObject({ packetsDiscarded: 0, packetsLost: 0, codec: 'PCMA', isEncrypted: true })
    expect(statistics.mos).toBeGreaterThan(4.2)
  })

  test('reports are encrypted too, and are understood: the goodbye is genuine', async () => {
    await using peer = await RtpPeer.open()
    const stream = await open(near, { srtp: 'required' })
    const keys = { ours: new Uint8Array(30).fill(5), theirs: new Uint8Array(30) }
    const { sdp } = await stream.answerOffer(securely(peer, keys.ours))
    const theirs = Uint8Array.from(Buffer.from(/inline:([\w+/]{40})/.exec(sdp)?.[1] ?? '', 'base64'))
    const session = new SrtpSession({ suite: 'AES_CM_128_HMAC_SHA1_80', ours: keys.ours, theirs, theirMkiBytes: 0 })
    await stream.start()
    await peer.waitFor(() => peer.heard.length >= 3)
    // A-law silence would be one byte all over.
    for (const packet of peer.heard) expect(new Set(packet.payload).size).toBeGreaterThan(60)
    await stream[Symbol.asyncDispose]()
    await peer.waitFor(() => peer.reports.length >= 1)
    const report = Uint8Array.from(peer.reports[0] as Uint8Array)
    const length = session.unprotectRtcp(report)
    expect(length).toBeGreaterThan(0)
    expect(report[length - 7]).toBe(203)
  })

  test('only genuine packets are heard: plain, forged and repeated ones are dropped and counted', async () => {
    await using peer = await RtpPeer.open()
    const stream = await open(near, { srtp: 'required' })
    const ours = new Uint8Array(30).fill(6)
    const { sdp } = await stream.answerOffer(securely(peer, ours))
    const port = Number(/m=audio (\d+)/.exec(sdp)?.[1])
    const session = new SrtpSession({ suite: 'AES_CM_128_HMAC_SHA1_80', ours, theirs: ours, theirMkiBytes: 0 })
    await stream.start()
    const reading = collect(stream)
    for (let i = 0; i < 30; i += 1) {
      const packet = new Uint8Array(186)
      writeRtpHeader(packet, false, 8, i, i * 160, 77)
      packet.fill(0xd5, 12, 172)
      const genuine = packet.slice(0, session.protectRtp(packet, 172))
      peer.sendRaw(port, genuine)
      peer.sendRaw(port, genuine)
      // Loud, with the right SSRC, the next sequence number, from the right address: only the key is missing.
      const forged = genuine.slice().fill(0x2a, 12)
      forged[3] = i + 1
      peer.sendRaw(port, forged)
      peer.sendRaw(port, forged.subarray(0, 172))
      await peer.waitFor(() => peer.heard.length >= i + 1)
    }
    await peer.waitFor(() => peer.heard.length >= 33)
    const { packetsReceived, packetsDiscarded } = await stream.statistics()
    expect([packetsReceived, packetsDiscarded]).toEqual([30, 90])
    await stream[Symbol.asyncDispose]()
    expect((await reading).samples.every((sample) => Math.abs(sample) < 100)).toBe(true)
  })

  test('a re-offer with a new key goes on without a gap', async () => {
    await using peer = await RtpPeer.open()
    await using stream = await open(near, { srtp: 'optional' })
    const sessions = [1, 2].map((fill) => {
      const ours = new Uint8Array(30).fill(fill)
      return {
        ours,
        session: new SrtpSession({ suite: 'AES_CM_128_HMAC_SHA1_80', ours, theirs: ours, theirMkiBytes: 0 }),
      }
    })
    const port = Number(/m=audio (\d+)/.exec(stream.offer())?.[1])
    let sequence = 0
    for (const { ours, session } of sessions) {
      const { sdp } = await stream.answerOffer(securely(peer, ours))
      expect(sdp).toContain('RTP/SAVP')
      if (sequence === 0) await stream.start()
      for (let i = 0; i < 10; i += 1, sequence += 1) {
        const packet = new Uint8Array(186)
        writeRtpHeader(packet, false, 8, sequence, sequence * 160, 77)
        peer.sendRaw(port, packet.slice(0, session.protectRtp(packet, 172)))
        await peer.waitFor(() => peer.heard.length > sequence)
      }
    }
    await peer.waitFor(() => peer.heard.length > sequence + 2)
    expect(await stream.statistics()).toMatchObject({ packetsReceived: 20, packetsLost: 0, packetsDiscarded: 0 })
  })

  test('a side that does not encrypt and one that must find no common ground', async () => {
    await using plain = await open(far, { srtp: 'off' })
    await using strict = await open(near, { srtp: 'required' })
    await expect(plain.answerOffer(strict.offer())).rejects.toMatchObject({ code: 'MEDIA_SRTP_REQUIRED' })
    await expect(strict.answerOffer(plain.offer())).rejects.toMatchObject({ code: 'MEDIA_SRTP_REQUIRED' })
  })

  test('no key was ever logged', () => {
    for (const line of logged) expect(line).not.toMatch(/inline:|[\w+/]{40}/)
  })
})

/** The peer's offer of an encrypted session with this key. */
function securely(peer: RtpPeer, key: Uint8Array): string {
  const crypto = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${Buffer.from(key).toString('base64')}`
  return peer.sdp([crypto]).replace('RTP/AVP', 'RTP/SAVP')
}
