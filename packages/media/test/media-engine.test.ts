import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generation, type MediaEngine, type MediaOptions } from '@parley/core'
import { createInThreadMediaEngine, createMediaEngine } from '@parley/media'
import { systemClock } from '@parley/runtime'
import { SeededRandom } from '@parley/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readWav, telephoneClip } from './clips.ts'
import { expectPaced, isLoud, tone } from './heard-packets.ts'
import { openWatchedLeg } from './peer-leg.ts'
import { type PeerPacket, RtpPeer, until } from './rtp-peer.ts'
import { basics, collect, workerUrl } from './stream-watch.ts'

const engines: readonly [string, () => Promise<MediaEngine>][] = [
  ['in the calling thread', () => createInThreadMediaEngine({ ...basics, rtpPorts: { min: 21_000, max: 21_399 } })],
  [
    'in worker threads',
    () => createMediaEngine({ ...basics, rtpPorts: { min: 21_400, max: 21_799 }, workerUrl, workerCount: 2 }),
  ],
]

// Real time on a shared machine: a burst of foreign load may cost one attempt.
describe.concurrent.each(engines)('media %s', { retry: 2 }, (_name, create) => {
  let engine: MediaEngine
  let folder: string

  beforeAll(async () => {
    engine = await create()
    folder = await mkdtemp(join(tmpdir(), 'parley-media-'))
  })
  afterAll(async () => {
    await engine[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  const connect = (more: Partial<MediaOptions> = {}) => openWatchedLeg(engine, { codecs: ['PCMA', 'PCMU'], ...more })

  test('the sound of a place is heard where nobody speaks', async () => {
    await using call = await connect({ ambience: { scene: 'coffeeShop', volume: 1 } })
    await call.stream.answerOffer(call.peer.sdp())
    await call.stream.start()
    await call.peer.waitFor(() => call.peer.heard.length >= 25)
    const loudest = Math.max(...call.peer.heard.flatMap(({ samples }) => [...samples]))
    expect(loudest).toBeGreaterThan(300)
    expect(loudest).toBeLessThan(4_000)
  })

  test('silence flows from the start, paced at 20 ms with gapless sequence and timestamps', async () => {
    await using call = await connect()
    const { peer, stream } = call
    await stream.acceptAnswer(peer.sdp())
    expect(peer.heard.length).toBe(0)
    await stream.start()
    await peer.waitFor(() => peer.heard.length >= 40)
    const first = peer.heard[0] as PeerPacket
    expect(first.marker).toBe(true)
    expectPaced(peer.heard)
    expect(peer.heard.every((packet) => !isLoud(packet))).toBe(true)
  })

  test('speech is played whole, reported, and silence follows', async () => {
    await using call = await connect()
    const { peer, stream, log } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    await peer.waitFor(() => peer.heard.length >= 3)
    const g = generation(7)
    const audio = tone(4000)
    const askedAtMs = systemClock.nowMs()
    stream.playout.begin(g)
    stream.playout.write(g, audio.subarray(0, 1111))
    stream.playout.write(g, audio.subarray(1111))
    stream.playout.end(g)
    const finished = await log.next('playout.finished')
    expect(finished).toMatchObject({ generation: g, playedSamples: 4000 })
    const started = await log.next('playout.started')
    expect(started.generation).toBe(g)
    expect(started.atMs - askedAtMs).toBeLessThan(100)
    expect(log.seen.filter((event) => event.type === 'playout.progress').length).toBeGreaterThanOrEqual(4)
    await peer.waitFor(() => peer.heard.slice(-3).every((packet) => !isLoud(packet)))
    const spoken = peer.heard.filter(isLoud)
    expect(spoken.length).toBe(25)
    expect(spoken[0]?.marker).toBe(true)
    const played = spoken.flatMap((packet) => [...packet.samples])
    for (let i = 0; i < 4000; i += 1) {
      expect(Math.abs((played[i] as number) - (audio[i] as number))).toBeLessThan(300)
    }
  })

  test('nothing of a flushed or replaced generation leaves afterwards', async () => {
    await using call = await connect()
    const { peer, stream, log } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    const [one, two] = [generation(1), generation(2)]
    stream.playout.begin(one)
    stream.playout.write(one, new Int16Array(80_000).fill(3000))
    await peer.waitFor(() => peer.heard.filter(isLoud).length >= 10)
    stream.playout.flush(one)
    stream.playout.write(one, new Int16Array(8000).fill(3000))
    await peer.waitFor(() => peer.heard.slice(-4).every((packet) => !isLoud(packet)))
    const ofOne = peer.heard.filter(isLoud).length
    expect(ofOne).toBeLessThanOrEqual(13)
    expect(log.seen.findLast((event) => event.type === 'playout.progress')).toMatchObject({
      generation: one,
      playedSamples: ofOne * 160,
    })
    stream.playout.begin(two)
    stream.playout.write(one, new Int16Array(8000).fill(3000))
    stream.playout.write(two, new Int16Array(1600).fill(-3000))
    stream.playout.end(two)
    await log.next('playout.finished')
    const after = peer.heard.filter(isLoud).slice(ofOne)
    expect(after.every((packet) => packet.samples.every((sample) => sample < 0))).toBe(true)
  })

  test('a paused generation waits in silence and goes on at the sample asked for', async () => {
    await using call = await connect()
    const { peer, stream, log } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    const g = generation(1)
    stream.playout.begin(g)
    stream.playout.write(g, new Int16Array(3200).fill(9000))
    stream.playout.write(g, new Int16Array(3200).fill(-9000))
    stream.playout.end(g)
    await peer.waitFor(() => peer.heard.filter(isLoud).length >= 5)
    stream.playout.pause(g)
    await peer.waitFor(() => peer.heard.slice(-4).every((packet) => !isLoud(packet)))
    const stoppedAt = peer.heard.filter(isLoud).length * 160
    const progress = log.seen.findLast((event) => event.type === 'playout.progress')
    expect(progress?.playedSamples).toBe(stoppedAt)
    stream.playout.resume(g, stoppedAt - 480)
    expect((await log.next('playout.finished')).playedSamples).toBe(6400)
    await peer.waitFor(() => peer.heard.filter(isLoud).length * 160 === 6400 + 480)
  })

  test('a minute written at once is kept, and ducking makes it quieter', async () => {
    await using call = await connect()
    const { peer, stream, log } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    const g = generation(1)
    stream.playout.begin(g)
    stream.playout.write(g, new Int16Array(480_000).fill(10_000))
    await log.next('playout.started')
    stream.playout.duck(-18)
    const level = (packet: PeerPacket | undefined) => packet?.samples[80] ?? 0
    await peer.waitFor(() => peer.heard.some(isLoud) && Math.abs(level(peer.heard.at(-1)) - 1259) < 60)
    stream.playout.duck(0)
    await peer.waitFor(() => level(peer.heard.at(-1)) > 9500)
    expect(log.seen.some((event) => event.type === 'playout.finished')).toBe(false)
  })

  test('the uplink gives what the peer said, gapless, and ends with the stream', async () => {
    const call = await connect()
    const { peer, stream, port } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    const reading = collect(stream)
    const clip = telephoneClip('asterisk8k-en-queue-thankyou').subarray(0, 12_800)
    await peer.speak(port, clip)
    await peer.waitFor(() => peer.heard.length > 80)
    await call[Symbol.asyncDispose]()
    const { samples, mediaMs } = await reading
    expect(mediaMs[0]).toBe(0)
    expect(samples.slice(0, 12_800)).toEqual([...clip])
  })

  test('a human voice gives speech events with instants near the truth', async () => {
    await using call = await connect()
    const { peer, stream, port, log } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    const clip = telephoneClip('asterisk8k-en-queue-thankyou')
    const startMs = systemClock.nowMs()
    await peer.speak(port, clip)
    const started = await log.next('speech.started')
    const stops = () => log.seen.filter((event) => event.type === 'speech.stopped')
    await log.next('speech.stopped')
    await peer.waitFor(() => stops().length === log.seen.filter((event) => event.type === 'speech.started').length)
    // Energy begins 570 ms and ends about 1900 ms into the padded clip.
    expect(Math.abs(started.onsetAtMs - startMs - 570)).toBeLessThan(80)
    expect(started.mediaMs).toBeGreaterThan(500)
    expect(Math.abs((stops().at(-1)?.lastVoiceAtMs ?? 0) - startMs - 1900)).toBeLessThan(120)
  })

  test('our own voice that comes back is measured, is no speech, and is taken out of the uplink', async () => {
    await using call = await connect()
    const { peer, stream, port, log } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    const reading = collect(stream)
    const g = generation(1)
    stream.playout.begin(g)
    stream.playout.write(g, telephoneClip('asterisk8k-en-agent-alreadyon'))
    stream.playout.end(g)
    let returned = 0
    while (!log.seen.some((event) => event.type === 'playout.finished')) {
      await until(systemClock.nowMs() + 5)
      for (; returned + 5 < peer.heard.length; returned += 1) {
        const { samples } = peer.heard[returned] as PeerPacket
        peer.sendAudio(
          port,
          samples.map((sample) => sample / 4),
        )
      }
    }
    const { echoDelayMs, echoReturnLossDb } = await stream.statistics()
    await stream[Symbol.asyncDispose]()
    expect(Math.abs((echoDelayMs ?? 0) - 100)).toBeLessThanOrEqual(40)
    expect(Math.abs((echoReturnLossDb ?? 0) - 12)).toBeLessThan(5)
    expect(log.seen.filter((event) => event.type === 'speech.started')).toEqual([])
    const energy = (samples: readonly number[]) => samples.reduce((sum, sample) => sum + sample * sample, 0)
    const sent = peer.heard.slice(0, returned).flatMap(({ samples }) => [...samples])
    // 12 dB are the line's; at least 6 more are the filter's, which learns on the way.
    expect(energy((await reading).samples)).toBeLessThan(energy(sent) / 63)
  })

  test('a peer that stops sending in mid-word has stopped speaking', async () => {
    await using call = await connect()
    const { peer, stream, port, log } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    const clip = telephoneClip('asterisk8k-en-vm-whichbox').subarray(0, 9600)
    await peer.speak(port, clip)
    const endedAtMs = systemClock.nowMs()
    const stopped = await log.next('speech.stopped', 1000)
    expect(Math.abs(stopped.lastVoiceAtMs - endedAtMs)).toBeLessThan(100)
    expect(stopped.mediaMs).toBeLessThanOrEqual(1200)
  })

  test('keys are heard once each and never as audio; keys are sent as events', async () => {
    await using call = await connect()
    const { peer, stream, port, log } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    const reading = collect(stream)
    for (let i = 0; i < 5; i += 1) peer.sendAudio(port, new Int16Array(160))
    for (const event of [1, 1, 11]) {
      for (let i = 1; i <= 5; i += 1) peer.sendEvent(port, event, false, i * 160)
      for (let i = 0; i < 3; i += 1) peer.sendEvent(port, event, true, 800)
      peer.timestamp += 1600
    }
    await peer.waitFor(() => log.seen.filter((event) => event.type === 'dtmf').length === 3)
    expect(log.seen.map((event) => (event.type === 'dtmf' ? `${event.key}${event.durationMs}` : ''))).toEqual([
      '1100',
      '1100',
      '#100',
    ])
    stream.sendDtmf('42')
    const events = () => peer.heard.filter((packet) => packet.payloadType === 101)
    await peer.waitFor(() => events().length >= 16)
    expect(events().map((packet) => packet.payload[0])).toEqual([...Array(8).fill(4), ...Array(8).fill(2)])
    await stream[Symbol.asyncDispose]()
    expect((await reading).samples.every((sample) => Math.abs(sample) <= 8)).toBe(true)
  })

  test('hold stops our packets and what is played to us is not heard; resume undoes both', async () => {
    await using call = await connect()
    const { peer, stream, port, log } = call
    const reading = collect(stream)
    await stream.answerOffer(peer.sdp())
    await stream.start()
    await peer.waitFor(() => peer.heard.length >= 5)
    expect((await stream.answerOffer(peer.sdp(['a=sendonly']))).held).toBe(true)
    await log.next('hold.started')
    await stream.answerOffer(peer.sdp(['a=inactive']))
    const atHold = peer.heard.length
    await peer.speak(port, tone(1600))
    await until(systemClock.nowMs() + 40)
    expect(peer.heard.length - atHold).toBeLessThanOrEqual(1)
    expect((await stream.answerOffer(peer.sdp())).held).toBe(false)
    await log.next('hold.ended')
    expect(log.seen.filter((event) => event.type.startsWith('hold.')).length).toBe(2)
    await peer.waitFor(() => peer.heard.length >= atHold + 5)
    await peer.speak(port, new Int16Array(1600).fill(12_000))
    await peer.waitFor(() => peer.heard.length >= atHold + 15)
    await stream[Symbol.asyncDispose]()
    const heard = (await reading).samples.filter((sample) => Math.abs(sample) > 2000)
    expect(heard.length).toBeGreaterThan(800)
    expect(heard.every((sample) => sample > 10_000)).toBe(true)
  })

  test('a silent peer gives rtp.timeout once, and rtp.resumed when it is back', async () => {
    await using call = await connect()
    const { peer, stream, port, log } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    await log.next('rtp.timeout')
    for (let i = 0; i < 3; i += 1) peer.sendAudio(port, new Int16Array(160))
    await log.next('rtp.resumed')
    expect(log.seen.filter((event) => event.type === 'rtp.timeout').length).toBe(1)
  })

  test('a peer that holds us may be silent for as long as it likes, and is timed out after it took us back', async () => {
    await using call = await connect()
    const { peer, stream, log } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    await stream.answerOffer(peer.sdp(['a=sendonly']))
    const { atMs } = await log.next('hold.started')
    await until(atMs + 900)
    expect(log.seen.map((event) => event.type)).not.toContain('rtp.timeout')
    await stream.answerOffer(peer.sdp())
    const resumed = await log.next('hold.ended')
    const timeout = await log.next('rtp.timeout')
    expect(timeout.atMs - resumed.atMs).toBeGreaterThanOrEqual(390)
  })

  test('packets go where the peer really is; an intruder is ignored and counted', async () => {
    await using call = await connect()
    await using real = await RtpPeer.open()
    await using intruder = await RtpPeer.open()
    const { peer, stream, port } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    await peer.waitFor(() => peer.heard.length >= 2)
    await real.speak(port, new Int16Array(1600))
    await real.waitFor(() => real.heard.length >= 3)
    await Promise.all([real.speak(port, new Int16Array(6400)), intruder.speak(port, new Int16Array(6400))])
    expect(intruder.heard.length).toBe(0)
    expect((await stream.statistics()).packetsDiscarded).toBeGreaterThanOrEqual(40)
  })

  test('thousands of garbage datagrams are counted and change nothing', async () => {
    await using call = await connect()
    const { peer, stream, port } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    const random = new SeededRandom(8)
    for (let round = 0; round < 40; round += 1) {
      for (let i = 0; i < 50; i += 1) {
        const datagram = random.bytes(random.between(1, 60))
        if (i % 2 === 0) datagram[0] = 0x80
        peer.sendRaw(port, datagram)
      }
      await until(systemClock.nowMs() + 2)
    }
    const reading = collect(stream)
    await peer.speak(port, tone(3200))
    await peer.waitFor(() => peer.heard.length > 15)
    expect((await stream.statistics()).packetsDiscarded).toBeGreaterThan(1000)
    await stream[Symbol.asyncDispose]()
    expect((await reading).samples.filter((sample) => Math.abs(sample) > 4000).length).toBeGreaterThan(1500)
  })

  test('the recording has both sides on one time line', async () => {
    const recordingPath = join(folder, 'deep', 'call.wav')
    const call = await connect({ recordingPath })
    const { peer, stream, port } = call
    await stream.answerOffer(peer.sdp())
    const { startedAtMs } = await stream.start()
    await until(startedAtMs + 300)
    const g = generation(1)
    const speaking = peer.speak(port, tone(4000))
    const saidAtMs = systemClock.nowMs()
    stream.playout.begin(g)
    stream.playout.write(g, tone(4000))
    stream.playout.end(g)
    await speaking
    await peer.waitFor(() => peer.heard.filter(isLoud).length >= 25)
    const endedAtMs = systemClock.nowMs()
    await call[Symbol.asyncDispose]()
    const file = await readFile(recordingPath)
    const { samples, channels, rateHz } = readWav(file)
    expect([channels, rateHz, samples.length * 2 + 44]).toEqual([2, 8000, file.length])
    expect(Math.abs(samples.length / 16 - (endedAtMs - startedAtMs))).toBeLessThan(60)
    const side = (channel: number) => samples.filter((_, i) => i % 2 === channel)
    const [left, right] = [side(0), side(1)]
    const onsetMs = (of: Int16Array) => of.findIndex((sample) => Math.abs(sample) > 1000) / 8
    const loud = (of: Int16Array) => of.filter((sample) => Math.abs(sample) > 3000).length
    expect(Math.abs(onsetMs(right) - (saidAtMs - startedAtMs))).toBeLessThan(20)
    expect(Math.abs(onsetMs(left) - onsetMs(right))).toBeLessThan(20)
    expect(loud(left)).toBeGreaterThan(2600)
    expect(loud(right)).toBeGreaterThan(2600)
  })

  test('the end is told by an RTCP goodbye, and the port can be opened again', async () => {
    const call = await connect()
    const { peer, stream, log } = call
    await stream.answerOffer(peer.sdp())
    await stream.start()
    await peer.waitFor(() => peer.heard.length >= 2)
    await stream[Symbol.asyncDispose]()
    await peer.waitFor(() => peer.reports.length >= 1)
    const report = Buffer.from(peer.reports[0] as Uint8Array)
    expect(report[1]).toBe(200)
    expect(report.subarray(-8)[1]).toBe(203)
    expect(report.readUInt32BE(report.length - 4)).toBe(peer.heard[0]?.ssrc)
    await peer[Symbol.asyncDispose]()
    expect(log.ended).toBe(true)
  })

  test('a bad description is refused with its code and the stream lives on', async () => {
    await using call = await connect()
    const { peer, stream } = call
    await expect(stream.answerOffer('nonsense')).rejects.toMatchObject({ code: 'MEDIA_BAD_SDP' })
    await expect(stream.acceptAnswer(peer.sdp().replace('8 101', '18'))).rejects.toMatchObject({
      code: 'MEDIA_NO_COMMON_CODEC',
    })
    await stream.acceptAnswer(peer.sdp())
    await stream.start()
    await peer.waitFor(() => peer.heard.length >= 2)
  })

  test('twenty streams keep their pace', async () => {
    const calls = await Promise.all(Array.from({ length: 20 }, () => connect()))
    for (const { peer, stream } of calls) await stream.answerOffer(peer.sdp())
    await Promise.all(calls.map(({ stream }) => stream.start()))
    await Promise.all(calls.map(({ peer }) => peer.waitFor(() => peer.heard.length >= 50)))
    for (const { peer } of calls) expectPaced(peer.heard)
    await Promise.all(calls.map((call) => call[Symbol.asyncDispose]()))
  })
})
