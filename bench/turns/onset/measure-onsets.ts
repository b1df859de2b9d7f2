import { SileroModel } from '../../../packages/media/src/vad/voice-model.ts'
import { sileroModelPath } from '../../../packages/media/src/worker/model-path.ts'
import { type Heard, listenTo } from '../../../packages/media/test/detection/virtual-line.ts'
import { quantile, type Summary, summarise } from '../../statistics.ts'
import { type Rate, rateOf } from '../rate.ts'
import { type OnsetScene, onsetScenes } from './onset-scenes.ts'

/** What the engine's ear makes of voices, noises and echo over the assistant. Durations in ms. */
export interface OnsetResult {
  /** From the packet with the first audible speech to the first sign of a voice, and to the detector's certainty, by voice. */
  readonly voices: Readonly<Record<string, OnsetDelays>>
  /** By kind of noise. */
  readonly noises: Readonly<Record<string, NoiseAlarms>>
  /** By loss. */
  readonly echoes: Readonly<Record<string, EchoAlarms>>
}

interface OnsetDelays {
  readonly sign: Spread
  readonly sure: Spread
  /** Without any sign within a second. */
  readonly missed: number
}

interface Spread {
  readonly summary: Summary | undefined
  /** From the least to the greatest in steps of a twentieth. */
  readonly twentieths: readonly number[]
}

interface NoiseAlarms {
  /** Taken for a first sign of a voice, and for a voice. */
  readonly sign: Rate
  readonly sure: Rate
  /** How long a first sign lasts, the hold of the reducer included. */
  readonly signMs: Summary | undefined
}

interface EchoAlarms {
  readonly signsPerMinute: number
  readonly signMsPerMinute: number
  readonly surePerMinute: number
}

/** A sign this little before the onset is still in force. Also what one sign alone lasts: see `policy/barge-in.ts`. */
const signHoldMs = 120
const withinMs = 1_000
const afterNoiseMs = 300

/** Through the whole ear in virtual time: decoder, echo gate, filter, neural detector. */
export async function measureOnsets(phases: number, seed: number): Promise<OnsetResult> {
  const scenes = await onsetScenes(phases, seed)
  const heard = await listenTo(
    scenes.map(({ scene }) => scene),
    await SileroModel.load(sileroModelPath()),
  )
  const all = scenes.map((scene, index) => ({ scene, events: heard[index] ?? [] }))
  const of = (...kinds: OnsetScene['kind'][]) => all.filter(({ scene }) => kinds.includes(scene.kind))
  const by = (items: typeof all) =>
    Map.groupBy(items, ({ scene: { kind, group } }) =>
      kind === 'soft' ? `${group}, soft` : kind === 'otherNoise' ? `${group} (other)` : group,
    )
  const voices = [...by(of('voice', 'soft')), ['all', of('voice')] as const, ['all, soft', of('soft')] as const]
  return {
    voices: Object.fromEntries(voices.map(([name, items]) => [name, delaysOf(items)])),
    noises: Object.fromEntries([...by(of('noise', 'otherNoise'))].map(([name, items]) => [name, alarmsOf(items)])),
    echoes: Object.fromEntries([...by(of('echo'))].map(([name, items]) => [name, echoOf(items)])),
  }
}

interface Witnessed {
  readonly scene: OnsetScene
  readonly events: readonly Heard[]
}

function delaysOf(items: readonly Witnessed[]): OnsetDelays {
  const delays = items.map(({ scene, events }) => {
    // The packet is sent when it is full.
    const sentMs = (Math.floor(scene.fromSample / 160) + 1) * 20
    const sure = events.find(({ type, atMs }) => type === 'started' && atMs > sentMs - 20)
    const sign = events.find(({ type, atMs }) => type !== 'stopped' && atMs > sentMs - signHoldMs)
    const after = (event: Heard | undefined) =>
      event && event.atMs < sentMs + withinMs ? Math.max(0, event.atMs - sentMs) : undefined
    return { sign: after(sign), sure: after(sure) }
  })
  return {
    sign: spreadOf(delays.flatMap(({ sign }) => sign ?? [])),
    sure: spreadOf(delays.flatMap(({ sure }) => sure ?? [])),
    missed: delays.filter(({ sign }) => sign === undefined).length,
  }
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  return {
    summary: summarise(values),
    twentieths: Array.from({ length: 21 }, (_, step) => quantile(sorted, step / 20)),
  }
}

function alarmsOf(items: readonly Witnessed[]): NoiseAlarms {
  const during = items.map(({ scene, events }) =>
    events.filter(({ atMs }) => atMs > scene.fromSample / 8 && atMs <= scene.toSample / 8 + afterNoiseMs),
  )
  return {
    sign: rateOf(during, (events) => events.some(({ type }) => type === 'suspected')),
    sure: rateOf(during, (events) => events.some(({ type }) => type === 'started')),
    signMs: summarise(during.map(signMsOf).filter((ms) => ms > 0)),
  }
}

function echoOf(items: readonly Witnessed[]): EchoAlarms {
  const minutes = items.reduce((sum, { scene }) => sum + (scene.toSample - scene.fromSample) / 8 / 60_000, 0)
  const count = (type: Heard['type']) =>
    items.reduce((sum, { events }) => sum + events.filter((event) => event.type === type).length, 0)
  return {
    signsPerMinute: count('suspected') / minutes,
    signMsPerMinute: items.reduce((sum, { events }) => sum + signMsOf(events), 0) / minutes,
    surePerMinute: count('started') / minutes,
  }
}

/** For how long signs are in force. */
function signMsOf(events: readonly Heard[]): number {
  let [total, untilMs] = [0, 0]
  for (const { type, atMs } of events) {
    if (type !== 'suspected') continue
    total += atMs + signHoldMs - Math.max(atMs, untilMs)
    untilMs = atMs + signHoldMs
  }
  return total
}
