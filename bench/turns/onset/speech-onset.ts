/** 5 ms at 8 kHz. */
const blockSamples = 40
/** What is audible by the latency design; and no more than this below the loudest, as the telephone cuts its clips. */
const audibleDb = -50
const belowLoudestDb = 35
/** A block this near to the loudest is the middle of a vowel. */
const vowelDb = 15
/** The closure of a stop, as in "st", lasts less. What is parted from the words by more is none of their sounds. */
const closureBlocks = 16
const angle = Math.tan((Math.PI * 300) / 8000)

/**
 * The first sample of audible speech in `samples` (8 kHz): the sounds before the first vowel belong to it when no gap
 * parts them. Listened to as a telephone carries it, above 300 Hz: the rumble and the breath that recordings begin with
 * are no speech. 0 when there is no sound at all.
 */
export function speechOnset(samples: Int16Array): number {
  const levels = blockLevels(highPassed(highPassed(samples)))
  const loudest = Math.max(...levels)
  const least = Math.max(audibleDb, loudest - belowLoudestDb)
  const vowel = levels.findIndex((level) => level >= loudest - vowelDb)
  let first = vowel
  for (let block = vowel; block >= 0 && first - block <= closureBlocks; block -= 1) {
    if ((levels[block] as number) > least) first = block
  }
  return Math.max(0, first) * blockSamples
}

/** Butterworth, second order. */
function highPassed(samples: ArrayLike<number>): Float64Array {
  const scale = 1 / (1 + Math.SQRT2 * angle + angle * angle)
  let [in1, in2, out1, out2] = [0, 0, 0, 0]
  return Float64Array.from(samples, (input) => {
    const own = input - 2 * in1 + in2
    const fedBack = 2 * (angle * angle - 1) * out1 + (1 - Math.SQRT2 * angle + angle * angle) * out2
    const output = scale * (own - fedBack)
    ;[in2, in1, out2, out1] = [in1, input, out1, output]
    return output
  })
}

function blockLevels(samples: Float64Array): number[] {
  return Array.from({ length: Math.floor(samples.length / blockSamples) }, (_, block) => {
    let energy = 0
    for (const value of samples.subarray(block * blockSamples, (block + 1) * blockSamples)) energy += value * value
    return 10 * Math.log10(energy / blockSamples + 1e-9) - 20 * Math.log10(32_768)
  })
}
