import { randomBytes, randomUUID } from 'node:crypto'
import type { Random } from '@parley/core'

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
}
