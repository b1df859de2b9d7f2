import { frameSamples } from '@parley/core'
import { encodeG711, g711, newG711 } from '../../packages/media/src/codec/g711.ts'
import { Downlink, type DownlinkPort, type SendPlan } from '../../packages/media/src/downlink.ts'
import { EchoGate } from '../../packages/media/src/echo/echo-gate.ts'
import { Pacer } from '../../packages/media/src/pacer.ts'
import { PlayoutQueue } from '../../packages/media/src/playout/playout-queue.ts'
import { EnergyGate } from '../../packages/media/src/vad/energy-gate.ts'
import { SpeechHint } from '../../packages/media/src/vad/speech-hint.ts'
import { VadTrack } from '../../packages/media/src/vad/vad-track.ts'
import { SileroModel } from '../../packages/media/src/vad/voice-model.ts'
import { sileroModelPath } from '../../packages/media/src/worker/model-path.ts'
import { SeededRandom } from '../seeded-random.ts'
import type { MicroBench } from './micro-bench.ts'

const frames = 100
const random = new SeededRandom(1)
/** Two seconds of something as loud as speech. */
const speech = Array.from({ length: frames }, (_, index) =>
  Int16Array.from({ length: frameSamples }, () => Math.round(random.normal() * (index % 40 < 25 ? 3_000 : 20))),
)

function codec(): MicroBench {
  const tables = g711.PCMA
  const payload = new Uint8Array(frameSamples)
  const pcm = new Int16Array(frameSamples)
  return {
    name: 'G.711 both ways',
    unit: 'frame',
    ops: frames,
    run() {
      for (const frame of speech) {
        encodeG711(tables, frame, frameSamples, payload, 0)
        for (let i = 0; i < frameSamples; i += 1) pcm[i] = tables.decode[payload[i] as number] as number
      }
    },
  }
}

function energyVad(): MicroBench {
  const gate = new EnergyGate()
  let at = 0
  return {
    name: 'energy VAD',
    unit: 'frame',
    ops: frames,
    run() {
      for (const frame of speech) {
        gate.onFrame(frame, at, false)
        at += frameSamples
      }
    },
  }
}

/** `isHeard`: something is there, so that each frame is asked whether it is periodic; else the line is quiet. */
function firstSigns(isHeard: boolean): MicroBench {
  const line = { excessDb: () => (isHeard ? 40 : -40), isTalking: () => true }
  const track = new VadTrack({ onWindow: () => {} }, { onsetSample: -1, loudUntilSample: -1 })
  const hint = new SpeechHint(
    line,
    { noiseDb: -60, callerVowelDb: -20, voicing: () => track.newestVoicing() },
    () => {},
  )
  const loud = speech.filter((_, index) => index % 40 < 25)
  let at = 0
  return {
    name: `first signs of speech, ${isHeard ? 'sound' : 'silence'}`,
    unit: 'frame',
    ops: loud.length,
    run() {
      for (const frame of loud) {
        if (at === 0) track.onFrame(frame)
        // Each frame is the first of its sound: what lasts is no longer asked after 400 ms.
        hint.reset()
        hint.onFrame(frame, at)
        at += frameSamples
      }
    },
  }
}

function neuralVad(model: SileroModel, calls: number): MicroBench {
  const energy = { onsetSample: -1, loudUntilSample: -1 }
  const tracks = Array.from({ length: calls }, () => new VadTrack({ onWindow: () => {} }, energy))
  let at = 0
  return {
    name: `neural VAD, batch of ${calls}`,
    unit: 'window of a call',
    ops: calls,
    run() {
      for (const track of tracks) {
        while (!track.isReady) track.onFrame(speech[at++ % frames] as Int16Array)
      }
      return model.judge(tracks, calls)
    },
  }
}

function echoGate(): MicroBench {
  const gate = new EchoGate()
  let at = 0
  return {
    name: 'echo gate',
    unit: 'frame',
    ops: frames,
    run() {
      for (const [index, frame] of speech.entries()) {
        gate.onSent(frame, at + frameSamples)
        gate.onFrame(speech[(index + 10) % frames] as Int16Array, at, at + frameSamples, -60, false)
        at += frameSamples
      }
    },
  }
}

const slotMs = 20
const tickMs = 5

function plan(): SendPlan {
  const { encoder } = newG711('PCMA')
  return { encoder, payloadType: 8, packetSamples: 160, eventType: -1, eventTicksPerSample: 1, maySend: true }
}

/** Ticks of the pacer over calls that all speak, up to the socket. */
function pacerTick(calls: number): MicroBench {
  const clock = new HandClock()
  const pacer = new Pacer(clock, () => {})
  const queues = Array.from({ length: calls }, () => {
    const queue = new PlayoutQueue()
    const downlink = new Downlink(plan(), queue, new Uint8Array(10), nullPort())
    downlink.configure(plan())
    downlink.start(0)
    queue.begin(1)
    pacer.add({ tick: (planned, now) => downlink.service(planned, now) })
    return queue
  })
  return {
    name: `pacer, ${calls} calls`,
    unit: 'packet of a call',
    ops: calls,
    run() {
      for (const queue of queues) queue.write(speech[0] as Int16Array)
      for (let ms = 0; ms < slotMs; ms += tickMs) clock.advance(tickMs)
    },
  }
}

/** One timer, fired by hand. */
class HandClock {
  private atMs = 0
  private fire: (() => void) | undefined

  nowMs = (): number => this.atMs
  wallMs = (): number => this.atMs

  setTimer(_atMs: number, fire: () => void): Disposable {
    this.fire = fire
    return { [Symbol.dispose]() {} }
  }

  advance(ms: number): void {
    this.atMs += ms
    this.fire?.()
  }
}

function nullPort(): DownlinkPort {
  const buffer = new Uint8Array(1_500)
  return {
    nextBuffer: () => buffer,
    send: () => {},
    onSpeech: () => {},
    onStarted: () => {},
    onProgress: () => {},
    onFinished: () => {},
    liveGeneration: () => 1,
  }
}

/** What happens every 20 or 32 ms for each call. @throws Error when the voice model cannot be loaded */
export async function mediaBenches(): Promise<readonly MicroBench[]> {
  const model = await SileroModel.load(sileroModelPath())
  const neural = [1, 8, 32].map((calls) => neuralVad(model, calls))
  return [
    codec(),
    energyVad(),
    firstSigns(false),
    firstSigns(true),
    ...neural,
    echoGate(),
    pacerTick(10),
    pacerTick(100),
  ]
}
