import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const packageFolder = dirname(require.resolve('sip'))

/** A message of RFC 4475, from the test data of the npm package `sip` (MIT). */
export function tortureMessage(name: string): Buffer {
  const bytes = readFileSync(join(packageFolder, 'test', 'messages', `${name}.dat`))
  // NOTE: this one of the copies lacks the empty line.
  return name === 'baddn' ? Buffer.concat([bytes, Buffer.from('\r\n')]) : bytes
}
