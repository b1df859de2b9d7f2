/** A stretch of voice as a detector tells of it, ms of the audio. */
export interface VoiceStretch {
  readonly onsetMs: number
  readonly endMs: number
  /** When the detector is sure of the onset, and when it has noticed the end. */
  readonly startedMs: number
  readonly stoppedMs: number
}

const blockMs = 10
/** Above the floor by this much is voice; nothing below `leastDb` is. Taste. */
const aboveFloorDb = 12
const leastDb = -50
/** Voice it takes to be sure, and silence it takes to notice the end: what the engine's detector takes. */
const sureMs = 60
const stopMs = 80
/** The floor follows quiet quickly and noise slowly, dB a block. */
const floorRiseDb = 0.05

/** Finds voice by level, each block judged by what came before it and nothing else. `Int16` mono 8 kHz. */
export function detectVoice(samples: Int16Array): VoiceStretch[] {
  const found: VoiceStretch[] = []
  let floorDb = -60
  let onsetMs: number | undefined
  let startedMs: number | undefined
  let lastMs = 0
  const blocks = Math.floor(samples.length / (blockMs * 8))
  // Silence follows the audio: its end is noticed too.
  for (let block = 0; block < blocks + stopMs / blockMs + 1; block += 1) {
    const nowMs = (block + 1) * blockMs
    const level = block < blocks ? levelOf(samples, block) : -90
    floorDb = level < floorDb ? Math.max(level, -75) : floorDb + floorRiseDb
    if (level > Math.max(leastDb, floorDb + aboveFloorDb)) {
      onsetMs ??= nowMs - blockMs
      lastMs = nowMs
      if (nowMs - onsetMs >= sureMs) startedMs ??= nowMs
    } else if (onsetMs !== undefined && nowMs - lastMs >= stopMs) {
      if (startedMs !== undefined) found.push({ onsetMs, endMs: lastMs, startedMs, stoppedMs: nowMs })
      onsetMs = undefined
      startedMs = undefined
    }
  }
  return found
}

function levelOf(samples: Int16Array, block: number): number {
  const count = blockMs * 8
  let energy = 0
  for (let index = block * count; index < (block + 1) * count; index += 1) energy += (samples[index] as number) ** 2
  return 10 * Math.log10(energy / count + 1e-9) - 20 * Math.log10(32_768)
}
