import type { Tone } from './script.ts'

const rateHz = 8000

/** The tone at 8 kHz, its last pause included. `levelDb`: RMS while it sounds, dBFS. */
export function makeTone({ hz, onMs, offMs, times, levelDb }: Tone): Int16Array {
  const on = Math.round((onMs * rateHz) / 1000)
  const period = on + Math.round((offMs * rateHz) / 1000)
  const amplitude = 32768 * 10 ** (levelDb / 20) * Math.sqrt(2 / hz.length)
  return Int16Array.from({ length: period * times }, (_, i) => {
    if (i % period >= on) return 0
    return amplitude * hz.reduce((sum, f) => sum + Math.sin((2 * Math.PI * f * i) / rateHz), 0)
  })
}
