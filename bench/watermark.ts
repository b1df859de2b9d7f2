/**
 * Bot speech that says which response and which word it is.
 *
 * A word is three symbols of 60 ms: response id high, response id low, word index. A symbol is two tones: one of 8 low
 * frequencies and one of 24 high ones, whose group tells which of the three it is. Six bits each: ids and indices are
 * taken modulo 4096 and 64. All tones lie between 400 and 3000 Hz and survive G.711 and attenuation.
 *
 * ```
 *   | id >> 6 : group 0 | id & 63 : group 1 | word : group 2 |   60 ms each
 * ```
 */
export interface WatermarkWord {
  readonly response: number
  readonly word: number
}

export interface HeardWord extends WatermarkWord {
  /** Sample at which the word begins, ±5 ms. */
  readonly fromSample: number
}

const rateHz = 8_000
const symbolSamples = 480
const amplitude = 6_000
const lowHz = Array.from({ length: 8 }, (_, index) => 420 + 60 * index)
const highHz = Array.from({ length: 24 }, (_, index) => 1_000 + 80 * index)
const symbolsPerWord = 3

/** `Int16` mono 8 kHz, 180 ms a word. */
export function encodeWatermark(words: readonly WatermarkWord[]): Int16Array {
  const samples = new Int16Array(words.length * symbolsPerWord * symbolSamples)
  words.forEach(({ response, word }, index) => {
    const values = [(response >> 6) & 63, response & 63, word & 63]
    values.forEach((value, group) => {
      const at = (index * symbolsPerWord + group) * symbolSamples
      writeSymbol(samples.subarray(at, at + symbolSamples), value, group)
    })
  })
  return samples
}

function writeSymbol(samples: Int16Array, value: number, group: number): void {
  const low = lowHz[value >> 3] as number
  const high = highHz[group * 8 + (value & 7)] as number
  for (let index = 0; index < samples.length; index += 1) {
    const phase = (2 * Math.PI * index) / rateHz
    // Starts at full strength: the first block of a word must be audible.
    samples[index] = amplitude * (Math.cos(phase * low) + Math.sin(phase * high)) * 0.7
  }
}

interface Symbol {
  readonly fromSample: number
  readonly group: number
  readonly value: number
}

const stepSamples = 40
/** Share of the window's energy that the two tones must hold. */
const minPurity = 0.7
const silenceRms = 60

/** Finds all whole words in `Int16` mono 8 kHz. */
export function decodeWatermark(samples: Int16Array): HeardWord[] {
  const words: HeardWord[] = []
  const symbols = findSymbols(samples)
  for (let index = 0; index + 2 < symbols.length; index += 1) {
    const [high, low, word] = symbols.slice(index, index + 3) as [Symbol, Symbol, Symbol]
    if (high.group !== 0 || low.group !== 1 || word.group !== 2) continue
    if (word.fromSample - high.fromSample > 3 * symbolSamples) continue
    words.push({ fromSample: high.fromSample, response: high.value * 64 + low.value, word: word.value })
    index += 2
  }
  return words
}

function findSymbols(samples: Int16Array): Symbol[] {
  const found: Symbol[] = []
  for (let at = 0; at + symbolSamples <= samples.length; ) {
    const best = bestSymbol(samples, at, found.at(-1)?.fromSample === at - symbolSamples ? 2 : 12)
    if (!best) {
      at += stepSamples
      continue
    }
    found.push(best)
    at = best.fromSample + symbolSamples
  }
  return found
}

/** The purest of the positions `at`, `at + 5 ms`, ... as long as the first is a symbol at all. */
function bestSymbol(samples: Int16Array, at: number, steps: number): Symbol | undefined {
  let best: (Symbol & { readonly purity: number }) | undefined
  for (let step = 0; step < steps; step += 1) {
    const from = at + step * stepSamples
    const symbol = readSymbol(samples, from)
    if (!symbol) {
      if (best) break
      if (step === 0) return undefined
      continue
    }
    if (best && (symbol.value !== best.value || symbol.group !== best.group)) break
    if (!best || symbol.purity > best.purity + 0.01) best = { fromSample: from, ...symbol }
  }
  return best
}

function readSymbol(samples: Int16Array, from: number) {
  const window = samples.subarray(from, from + symbolSamples)
  if (window.length < symbolSamples) return undefined
  let energy = 0
  for (const sample of window) energy += sample * sample
  if (energy < silenceRms ** 2 * window.length) return undefined
  const low = strongest(window, lowHz)
  const high = strongest(window, highHz)
  const purity = (low.power + high.power) / energy
  if (purity < minPurity || low.power < high.power / 6 || high.power < low.power / 6) return undefined
  return { group: high.index >> 3, value: low.index * 8 + (high.index & 7), purity }
}

/** The tone with most energy in the window, by Goertzel's filter; its power is in units of the window's energy. */
function strongest(window: Int16Array, frequencies: readonly number[]): { index: number; power: number } {
  let best = { index: 0, power: 0 }
  frequencies.forEach((hz, index) => {
    const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rateHz)
    let last = 0
    let beforeLast = 0
    for (const sample of window) {
      const next = sample + coefficient * last - beforeLast
      beforeLast = last
      last = next
    }
    const power = ((last * last + beforeLast * beforeLast - coefficient * last * beforeLast) * 2) / window.length
    if (power > best.power) best = { index, power }
  })
  return best
}
