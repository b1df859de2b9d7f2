/**
 * Ten seconds at 16 kHz made of whole numbers, so that every machine makes the same: a saw tooth that climbs through the
 * band, noise in bursts, full-scale steps and silence.
 */
export function wideTestSignal(): Int16Array {
  const signal = new Int16Array(160_000)
  let state = 12_345
  let phase = 0
  for (let i = 0; i < signal.length; i += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    phase = (phase + 200 + ((i >> 4) & 8191)) & 0xffff
    const noise = ((state >>> 16) - 32_768) >> (1 + ((i >> 12) & 7))
    const saw = (phase - 32_768) >> 2
    const part = (i >> 13) % 5
    signal[i] =
      part === 0
        ? saw
        : part === 1
          ? noise
          : part === 2
            ? saw + (noise >> 2)
            : part === 3
              ? i & 256
                ? 32_767
                : -32_768
              : 0
  }
  return signal
}
