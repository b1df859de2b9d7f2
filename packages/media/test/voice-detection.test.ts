import { silentLogger } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { encodeG711, g711, newG711 } from '../src/codec/g711.ts'
import { newRtpHeader, parseRtp, writeRtpHeader } from '../src/rtp/rtp-packet.ts'
import { Uplink } from '../src/uplink.ts'
import { CallerEar } from '../src/vad/caller-ear.ts'
import { VadTrack } from '../src/vad/vad-track.ts'
import { VoiceDetector } from '../src/vad/voice-detector.ts'
import { SileroModel } from '../src/vad/voice-model.ts'
import { sileroModelPath } from '../src/worker/model-path.ts'
import { energyBounds, readClip, telephoneClip } from './clips.ts'

interface Stretch {
  readonly from: number
  to: number
}

const model = await SileroModel.load(sileroModelPath())

function newEar(farFieldSuppression = 0) {
  const stretches: Stretch[] = []
  const news: ('sign' | 'start')[] = []
  const ear = new CallerEar(farFieldSuppression, {
    onSpeechSuspected: () => void news.push('sign'),
    onSpeechStarted: (from) => {
      stretches.push({ from, to: -1 })
      news.push('start')
    },
    onSpeechStopped: (to) => {
      const last = stretches.at(-1)
      if (last) last.to = to
    },
  })
  const hear = (frame: Int16Array, startSample: number) => ear.onFrame(frame, startSample, (startSample + 160) / 8)
  return { stretches, news, track: ear.track, hear }
}

async function earAfter(samples: Int16Array, farFieldSuppression = 0): Promise<ReturnType<typeof newEar>> {
  const ear = newEar(farFieldSuppression)
  for (let at = 0; at < samples.length; at += 160) {
    ear.hear(samples.subarray(at, at + 160), at)
    while (ear.track.isReady) await model.judge([ear.track], 1)
  }
  return ear
}

const listen = async (samples: Int16Array, farFieldSuppression = 0): Promise<Stretch[]> =>
  (await earAfter(samples, farFieldSuppression)).stretches

test.each([
  'asterisk8k-en-agent-alreadyon',
  'asterisk8k-en-cannot-complete-as-dialed',
  'asterisk8k-en-invalid',
  'asterisk8k-en-priv-introsaved',
  'asterisk8k-en-privacy-prompt',
  'asterisk8k-en-queue-thankyou',
  'asterisk8k-en-vm-whichbox',
])('%s: speech is found within 60 ms of where its energy begins and 80 ms of where it ends', async (name) => {
  const clip = telephoneClip(name)
  const truth = energyBounds(clip)
  const stretches = await listen(clip)
  const onsetErrorMs = ((stretches[0]?.from ?? 0) - truth.from) / 8
  const offsetErrorMs = ((stretches.at(-1)?.to ?? 0) - truth.to) / 8
  expect(Math.abs(onsetErrorMs)).toBeLessThanOrEqual(60)
  expect(Math.abs(offsetErrorMs)).toBeLessThanOrEqual(80)
})

test('probabilities are those of the model run by itself, window by window', async () => {
  const clip = telephoneClip('asterisk8k-en-vm-whichbox')
  const session = await InferenceSession.create(sileroModelPath())
  const expected: number[] = []
  let state = new Tensor('float32', new Float32Array(256), [2, 1, 128])
  for (let at = 0; at + 256 <= clip.length; at += 256) {
    const input = Float32Array.from({ length: 288 }, (_, i) => (clip[at - 32 + i] ?? 0) / 32_768)
    const sr = new Tensor('int64', BigInt64Array.of(8000n), [])
    const { output, stateN } = await session.run({ input: new Tensor('float32', input, [1, 288]), state, sr })
    expected.push(Number(output?.data[0]))
    state = new Tensor('float32', Float32Array.from(stateN?.data as Float32Array), [2, 1, 128])
  }
  const heard: number[] = []
  const levels = { onsetSample: -1, loudUntilSample: -1 }
  const gate = { onWindow: (probability: number) => void heard.push(probability) }
  const tracks = [new VadTrack(gate, levels), new VadTrack({ onWindow() {} }, levels)]
  for (let at = 0; at < clip.length; at += 160) {
    tracks[0]?.onFrame(clip.subarray(at, at + 160))
    tracks[1]?.onFrame(new Int16Array(160).fill(at % 999))
    while (tracks[0]?.isReady) await model.judge(tracks, 2)
  }
  expect(heard.length).toBe(expected.length)
  heard.forEach((probability, i) => {
    expect(Math.abs(probability - (expected[i] as number))).toBeLessThan(0.001)
  })
})

test('a batch of many streams gives each what it would get alone', async () => {
  const clips = ['asterisk8k-en-invalid', 'asterisk8k-en-vm-whichbox', 'asterisk8k-en-queue-thankyou'].map(
    telephoneClip,
  )
  const alone: Stretch[][] = []
  for (const clip of clips) alone.push(await listen(clip))
  const detector = new VoiceDetector(model, silentLogger)
  const ears = clips.map(() => newEar())
  for (const ear of ears) detector.add(ear.track)
  for (let at = 0; at < Math.max(...clips.map((clip) => clip.length)); at += 160) {
    ears.forEach((ear, i) => {
      const frame = clips[i]?.subarray(at, at + 160)
      if (frame?.length === 160) ear.hear(frame, at)
    })
    detector.poll()
    await detector.idle()
  }
  expect(ears.map((ear) => ear.stretches)).toEqual(alone)
})

test('a caller who begins with an s into silence is suspected long before he is found', async () => {
  const clip = readClip('cards-003.wav')
  const padded = new Int16Array(Math.ceil((clip.length + 8000) / 160) * 160)
  padded.set(clip, 4000)
  const { news, stretches } = await earAfter(padded)
  expect(news[0]).toBe('sign')
  expect(news.filter((kind) => kind === 'start')).toHaveLength(stretches.length)
  // The s of "seven" lasts 200 ms: the signs of it come every 40 ms.
  expect(news.indexOf('start')).toBeGreaterThanOrEqual(3)
})

test('steady noise and clicks are not speech', async () => {
  let seed = 1
  const noise = Int16Array.from({ length: 24_000 }, (_, i) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    return ((seed >> 12) % 1600) - 800 + (i % 4000 < 40 ? 12_000 : 0)
  })
  expect(await listen(noise)).toEqual([])
})

test('with far-field suppression a voice far below the caller does not count', async () => {
  const clip = telephoneClip('asterisk8k-en-vm-whichbox')
  const both = new Int16Array(clip.length * 2)
  both.set(clip)
  both.set(
    clip.map((sample) => sample / 14),
    clip.length,
  )
  const isFar = (stretch: Stretch) => stretch.from >= clip.length
  expect((await listen(both, 0)).some(isFar)).toBe(true)
  expect((await listen(both, 3)).some(isFar)).toBe(false)
})

test('a model that keeps failing is replaced, and speech is still found', async () => {
  const errors: string[] = []
  const logger = { ...silentLogger, error: (message: string) => void errors.push(message) }
  const detector = new VoiceDetector({ judge: () => Promise.reject(new Error('broken')) }, logger)
  const ear = newEar()
  detector.add(ear.track)
  const clip = telephoneClip('asterisk8k-en-vm-whichbox')
  for (let at = 0; at < clip.length; at += 160) {
    ear.hear(clip.subarray(at, at + 160), at)
    detector.poll()
    await detector.idle()
  }
  expect(errors.length).toBe(5)
  expect(ear.stretches.length).toBeGreaterThan(0)
})

test('loss in bursts and jitter of a mobile line move the bounds of speech by little', async () => {
  const clip = telephoneClip('asterisk8k-en-vm-whichbox')
  const truth = energyBounds(clip)
  for (let seed = 1; seed <= 5; seed += 1) {
    const random = new SeededRandom(seed)
    const ear = newEar()
    const uplink = new Uplink({ onFrame: ear.hear })
    const header = newRtpHeader()
    const { decoder } = newG711('PCMA')
    let isBad = false
    const arrivals: { atMs: number; index: number }[] = []
    for (let index = 0; index * 160 < clip.length; index += 1) {
      isBad = isBad ? random.next() < 0.5 : random.next() < 0.03
      if (!isBad || index === 0) arrivals.push({ atMs: 40 + index * 20 + random.between(0, 15), index })
    }
    arrivals.sort((a, b) => a.atMs - b.atMs)
    for (let nowMs = 0; nowMs < clip.length / 8 + 200; nowMs += 5) {
      while (arrivals[0] && arrivals[0].atMs <= nowMs) {
        const { index } = arrivals.shift() as { index: number }
        const datagram = new Uint8Array(172)
        writeRtpHeader(datagram, false, 8, index, index * 160, 1)
        encodeG711(g711.PCMA, clip.subarray(index * 160, index * 160 + 160), 160, datagram, 12)
        parseRtp(datagram, header)
        uplink.receive(header, datagram, decoder, nowMs)
      }
      uplink.tick(nowMs)
      while (ear.track.isReady) await model.judge([ear.track], 1)
    }
    expect(uplink.reception.lost, `seed ${seed}`).toBeGreaterThan(3)
    expect(Math.abs((ear.stretches[0]?.from ?? 0) - truth.from) / 8, `seed ${seed}`).toBeLessThan(100)
    expect(Math.abs((ear.stretches.at(-1)?.to ?? 0) - truth.to) / 8, `seed ${seed}`).toBeLessThan(100)
  }
})

test('a closed track is not judged any more', async () => {
  const detector = new VoiceDetector(model, silentLogger)
  const ear = newEar()
  detector.add(ear.track)
  for (let at = 0; at < 3200; at += 160) ear.hear(new Int16Array(160), at)
  detector.poll()
  detector.remove(ear.track)
  await detector.idle()
  expect(ear.track.isReady).toBe(false)
})
