import type { Random } from '@parley/core'

export interface Preferred {
  /** The lowest comes first. */
  readonly priority: number
  /** Share among those of the same priority. 0: hardly ever first. */
  readonly weight: number
}

/**
 * Puts targets in the order to try them: by priority, and by weighted lot within one.
 * @see RFC 2782, "Usage rules"
 */
export function orderByPriority<T extends Preferred>(targets: readonly T[], random: Random): T[] {
  const ordered: T[] = []
  const priorities = [...new Set(targets.map(({ priority }) => priority))].sort((a, b) => a - b)
  for (const wanted of priorities) {
    // Those of weight 0 stand in front, so that the lot 0 is theirs.
    const left = targets.filter(({ priority }) => priority === wanted).sort((a, b) => a.weight - b.weight)
    while (left.length > 0) {
      const [drawn] = left.splice(draw(left, random), 1)
      if (drawn) ordered.push(drawn)
    }
  }
  return ordered
}

function draw(targets: readonly Preferred[], random: Random): number {
  if (targets.length === 1) return 0
  const total = targets.reduce((sum, { weight }) => sum + weight, 0)
  const lot = Math.floor(fraction(random) * (total + 1))
  let sum = 0
  return targets.findIndex(({ weight }) => {
    sum += weight
    return sum >= lot
  })
}

const fraction = (random: Random): number => Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32
