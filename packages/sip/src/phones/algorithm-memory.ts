/** Telephones that are remembered. */
const maxRemembered = 10_000
/** Taste: two REGISTERs without credentials that are nearer to each other may belong together. */
const patienceMs = 1_000

/**
 * Which telephones cannot read a list of algorithms. Some (libre 1.0 among them) give up on a challenge that offers SHA-256 beside
 * MD5, though they could take the latter. One that was challenged and begins anew without credentials is asked for MD5 alone from
 * then on.
 */
export class AlgorithmMemory {
  private readonly known = new Map<string, { readonly sinceMs: number; readonly isMd5: boolean }>()

  /** Whether this challenge offers MD5 alone. `isAnew`: the request it is for had no credentials. */
  wantsMd5(key: string, isAnew: boolean, nowMs: number): boolean {
    const entry = this.known.get(key) ?? { sinceMs: nowMs, isMd5: false }
    const isMd5 = entry.isMd5 || (isAnew && nowMs - entry.sinceMs >= patienceMs)
    this.known.delete(key)
    this.known.set(key, { ...entry, isMd5 })
    const [oldest] = this.known.keys()
    if (this.known.size > maxRemembered && oldest !== undefined) this.known.delete(oldest)
    return isMd5
  }

  /** A challenge was answered well. */
  answered(key: string): void {
    if (this.known.get(key)?.isMd5 === false) this.known.delete(key)
  }
}
