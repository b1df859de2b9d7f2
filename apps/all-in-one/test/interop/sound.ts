export interface Sound {
  readonly samples: Int16Array
  readonly sampleRateHz: number
}

/** The first channel of a 16-bit WAV file, as far as it is written; without a header yet, mono at 8 kHz. */
export function readFirstChannel(file: Uint8Array): Sound {
  const data = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  const dataAt = data.indexOf('data')
  const from = Math.max(44, dataAt + 8)
  const [channels, sampleRateHz] = dataAt < 0 ? [1, 8_000] : [data.readUInt16LE(22), data.readUInt32LE(24)]
  const count = Math.max(0, Math.floor((data.length - from) / 2 / channels))
  return {
    samples: Int16Array.from({ length: count }, (_, i) => data.readInt16LE(from + i * channels * 2)),
    sampleRateHz,
  }
}

/**
 * The strongest frequency between 100 and 1,500 Hz in each stretch of 400 ms that is louder than -40 dBFS, to 1 Hz, and
 * the share of the stretch's power that it has. Goertzel filters with a Hann window.
 */
export function frequencies({
  samples,
  sampleRateHz,
}: Sound): readonly { readonly hz: number; readonly share: number }[] {
  const length = Math.round(sampleRateHz * 0.4)
  const found: { hz: number; share: number }[] = []
  for (let from = 0; from + length <= samples.length; from += length) {
    const stretch = samples.subarray(from, from + length)
    if (stretchLevelDb(stretch) < -40) continue
    const windowed = Float64Array.from(stretch, (s, i) => s * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length)))
    const energy = windowed.reduce((sum, sample) => sum + sample * sample, 0)
    let best = { hz: 0, power: 0 }
    const look = (fromHz: number, toHz: number, stepHz: number) => {
      for (let hz = fromHz; hz <= toHz; hz += stepHz) {
        const power = goertzel(windowed, hz / sampleRateHz)
        if (power > best.power) best = { hz, power }
      }
    }
    look(100, 1_500, 2)
    look(best.hz - 2, best.hz + 2, 1)
    // A lone sine under a Hann window has two thirds of the energy in its own bin.
    found.push({ hz: best.hz, share: (best.power * 3) / (length * energy) })
  }
  return found
}

/** Level of the loudest stretch of 400 ms in dBFS. */
export function loudestDb({ samples, sampleRateHz }: Sound): number {
  const length = Math.round(sampleRateHz * 0.4)
  let loudest = -120
  for (let from = 0; from + length <= samples.length; from += length)
    loudest = Math.max(loudest, stretchLevelDb(samples.subarray(from, from + length)))
  return loudest
}

function stretchLevelDb(stretch: Int16Array): number {
  const power = stretch.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / stretch.length
  return power === 0 ? -120 : 10 * Math.log10(power)
}

/** Power at `turns` of a full circle a sample. */
function goertzel(samples: Float64Array, turns: number): number {
  const coefficient = 2 * Math.cos(2 * Math.PI * turns)
  let [before, last] = [0, 0]
  for (const sample of samples) [before, last] = [last, sample + coefficient * last - before]
  return before * before + last * last - coefficient * before * last
}
