/** An INVITE and the time its line was held, by the log of the engine that sent it, not by the database. Unix ms. */
export interface Dial {
  readonly callId: string
  readonly trunk: string
  readonly number: string
  readonly applicationId: number
  readonly fromMs: number
  /** When the call ended, or its engine was seen dead. */
  toMs: number
}

/** What all engines of a run wrote, each line as it came. */
export class StressLog {
  readonly dials: Dial[] = []

  /** Returns the reader of one engine's lines; call `died` when the process is gone. */
  engine(): { readonly line: (text: string) => void; readonly died: (atMs: number) => void } {
    const up = new Map<string, Dial>()
    let diedAtMs = Number.POSITIVE_INFINITY
    return {
      line: (text) => {
        const [kind, callId = '', ...rest] = text.split(' ')
        if (kind === 'D') {
          const [trunk = '', number = '', applicationId, fromMs] = rest
          const dial = {
            callId,
            trunk,
            number,
            applicationId: Number(applicationId),
            fromMs: Number(fromMs),
            toMs: diedAtMs,
          }
          this.dials.push(dial)
          up.set(callId, dial)
        }
        if (kind === 'E') {
          const dial = up.get(callId)
          if (dial) dial.toMs = Number(rest[0])
          up.delete(callId)
        }
      },
      died: (atMs) => {
        diedAtMs = atMs
        for (const dial of up.values()) dial.toMs = atMs
      },
    }
  }
}

/** Ids dialled more than once. */
export function dialledTwice(dials: readonly Dial[]): readonly string[] {
  const seen = new Set<string>()
  return dials.filter(({ callId }) => seen.size === seen.add(callId).size).map(({ callId }) => callId)
}

/** The most lines held at one instant. */
export function mostAtOnce(dials: readonly Dial[]): number {
  const changes = dials.flatMap(({ fromMs, toMs }) => [
    { atMs: fromMs, by: 1 },
    { atMs: toMs, by: -1 },
  ])
  // In one millisecond a line is given back before it is taken: the log is written in that order.
  changes.sort((a, b) => a.atMs - b.atMs || a.by - b.by)
  let now = 0
  return changes.reduce((most, { by }) => {
    now += by
    return Math.max(most, now)
  }, 0)
}

/** The most dials in any second, from one included to the next excluded. */
export function mostInOneSecond(dials: readonly Dial[]): number {
  const atMs = dials.map(({ fromMs }) => fromMs).sort((a, b) => a - b)
  let first = 0
  return atMs.reduce((most, at, index) => {
    while (at - (atMs[first] ?? at) >= 1_000) first += 1
    return Math.max(most, index - first + 1)
  }, 0)
}
