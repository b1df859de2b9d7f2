import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)
const packageFolder = dirname(require.resolve('sip'))

/** A message of RFC 4475, from the test data of the npm package `sip` (MIT). */
export const tortureMessage = (name: string): Buffer =>
  readFileSync(join(packageFolder, 'test', 'messages', `${name}.dat`))
