import { nsPerMs } from './monotonic-clock.ts'
import { type PacketRecord, sampleAtNs } from './packet-log.ts'
import { speechGapNs } from './rtp-receiver.ts'
import type { SpokenSpan } from './rtp-sender.ts'

/** A stretch of audible sound from the peer, monotonic ns. */
export interface HeardSegment {
  readonly startNs: number
  readonly endNs: number
}

/** A step in which the caller spoke. */
export interface SpokenStep extends SpokenSpan {
  readonly step: number
  readonly kind: 'say' | 'interrupt' | 'backchannel' | 'noise'
}

/** How the peer reacted to a spoken step. Null: it did not. */
export interface StepMeasure extends SpokenStep {
  /**
   * `t_fa - t_eos`: from the caller's last speech packet to the first audible 5 ms block of the answer. Negative when
   * the answer began before and was still going on. What was already heard at the onset is not an answer.
   */
  readonly v2vMs: number | null
  /** Start, against `t_eos`, of the first sound that began while the caller spoke or paused within the step. */
  readonly cutInMs: number | null
  /** The assistant was heard in the 200 ms before the caller's first packet. The next three are null otherwise. */
  readonly wasHeardAtOnset: boolean
  /** Onset to the last packet with sound before a gap of 200 ms or more. */
  readonly stopMs: number | null
  /** Onset to the first of 60 ms of packets at least 12 dB below the 500 ms before it, or absent. */
  readonly duckMs: number | null
  /** Onset to the first sound after that gap. */
  readonly resumeMs: number | null
}

const stopGapNs = 200 * nsPerMs
const referenceNs = 500 * nsPerMs
const duckDb = 12
const duckHoldNs = 60 * nsPerMs

/** Sound of received packets, merged over gaps shorter than 200 ms. */
export function findHeardSegments(packets: readonly PacketRecord[]): HeardSegment[] {
  const segments: { startNs: number; endNs: number }[] = []
  for (const packet of packets) {
    if (packet.direction !== 'received' || packet.audible === undefined) continue
    const startNs = sampleAtNs(packet, packet.audible.fromSample)
    const endNs = sampleAtNs(packet, packet.audible.toSample)
    const last = segments.at(-1)
    if (last !== undefined && startNs - last.endNs <= speechGapNs) last.endNs = Math.max(last.endNs, endNs)
    else segments.push({ startNs, endNs })
  }
  return segments
}

/** Reactions to each spoken step. `packets` are in the order of their stamps, both directions. */
export function measureSteps(packets: readonly PacketRecord[], steps: readonly SpokenStep[]): StepMeasure[] {
  const heard = packets.filter((packet) => packet.direction === 'received' && packet.levelDb !== undefined)
  return steps.map((step, i) => measureStep(heard, step, steps[i + 1]?.lastSpeechPacketSentNs))
}

/** An answer that comes only after the caller has spoken again belongs to that later step. */
function measureStep(
  heard: readonly PacketRecord[],
  step: SpokenStep,
  nextEosNs = Number.POSITIVE_INFINITY,
): StepMeasure {
  const onsetNs = step.firstPacketSentNs
  const eosNs = step.lastSpeechPacketSentNs
  const began = findHeardSegments(heard).filter(({ startNs }) => startNs >= onsetNs && startNs < nextEosNs)
  const answer = began.find(({ endNs }) => endNs > eosNs)
  const cutIn = began.find(({ startNs }) => startNs < eosNs)
  const isOver = isHeardBefore(heard, onsetNs)
  const stop = isOver ? findStop(heard, onsetNs) : undefined
  const toMs = (ns: number | undefined, fromNs: number) => (ns === undefined ? null : (ns - fromNs) / nsPerMs)
  return {
    ...step,
    v2vMs: toMs(answer?.startNs, eosNs),
    cutInMs: toMs(cutIn?.startNs, eosNs),
    wasHeardAtOnset: isOver,
    stopMs: toMs(stop?.lastNs, onsetNs),
    duckMs: isOver ? toMs(findDuck(heard, onsetNs), onsetNs) : null,
    resumeMs: toMs(stop?.resumedNs, onsetNs),
  }
}

function isHeardBefore(heard: readonly PacketRecord[], ns: number): boolean {
  return heard.some((packet) => packet.audible !== undefined && packet.atNs <= ns && packet.atNs > ns - stopGapNs)
}

function findStop(
  heard: readonly PacketRecord[],
  onsetNs: number,
): { readonly lastNs: number; readonly resumedNs?: number } {
  let lastNs = onsetNs
  for (const packet of heard) {
    if (packet.atNs < onsetNs || packet.audible === undefined) continue
    if (packet.atNs - lastNs >= stopGapNs) return { lastNs, resumedNs: packet.atNs }
    lastNs = packet.atNs
  }
  return { lastNs }
}

function meanLevelDb(packets: readonly PacketRecord[]): number {
  const power = packets.reduce((sum, packet) => sum + 10 ** ((packet.levelDb ?? -120) / 10), 0)
  return 10 * Math.log10(power / packets.length)
}

/** @returns receive time of the first attenuated packet, or when a missing one was due */
function findDuck(heard: readonly PacketRecord[], onsetNs: number): number | undefined {
  const before = heard.filter(
    ({ atNs, audible }) => audible !== undefined && atNs < onsetNs && atNs > onsetNs - referenceNs,
  )
  const limitDb = meanLevelDb(before) - duckDb
  let sinceNs: number | undefined
  let lastNs = onsetNs
  for (const packet of heard) {
    if (packet.atNs < onsetNs) continue
    if (packet.atNs - lastNs >= duckHoldNs + 20 * nsPerMs) return sinceNs ?? lastNs + 20 * nsPerMs
    lastNs = packet.atNs
    if ((packet.levelDb ?? 0) > limitDb) sinceNs = undefined
    else sinceNs ??= packet.atNs
    if (sinceNs !== undefined && packet.atNs - sinceNs >= duckHoldNs - 25 * nsPerMs) return sinceNs
  }
  return sinceNs
}
