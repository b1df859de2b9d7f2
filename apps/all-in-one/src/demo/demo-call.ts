import type { CallReport } from '@parley/callee'
import type { CallEvent } from '@parley/core'
import type { JournalListener } from '../journal-tap.ts'
import type { CccClient } from './sdk-client.ts'

export interface DemoTurn {
  readonly user: string
  readonly assistant: string
  /** Voice to voice in ms as the phone measured it: end of its speech to the first audible sample of the answer. */
  readonly v2vMs: number | null
  /** Instants of the engine in ms after the end of the user's speech. */
  readonly timings: Readonly<Record<string, number>>
}

/** What one demo call gave; the last line of `--json`. */
export interface DemoResult {
  readonly sessionId: string
  readonly endStatus: string
  readonly turns: readonly DemoTurn[]
  readonly bargeIns: number
  readonly recordingPath: string
  readonly cdr: unknown
}

/** Collects the events of one call until its record is closed. */
export function watchCall(listeners: Set<JournalListener>): {
  readonly events: CallEvent[]
  readonly ended: Promise<void>
  stop(): void
} {
  const events: CallEvent[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const listener: JournalListener = (event) => {
    events.push(event)
    if (event.body.type === 'call.ended') resolve()
  }
  listeners.add(listener)
  return { events, ended: promise, stop: () => void listeners.delete(listener) }
}

/** Joins what the engine wrote down with what the phone measured. */
export function demoTurns(events: readonly CallEvent[], report: CallReport): DemoTurn[] {
  const said = report.spoken.filter((step) => step.kind !== 'backchannel')
  const bodies = events.map((event) => event.body)
  const userTurns = bodies.filter((body) => body.type === 'user.said')
  const turnNumbers = [...new Set(userTurns.map((body) => body.turn))]
  return turnNumbers.map((turn, index) => {
    const mine = bodies.filter((body) => 'turn' in body && body.turn === turn)
    const timings = bodies.find((body) => body.type === 'turn.completed' && body.timings.turn === turn)
    return {
      user: mine.flatMap((body) => (body.type === 'user.said' ? [body.text] : [])).join(' '),
      assistant: mine.flatMap((body) => (body.type === 'assistant.said' ? [body.heard] : [])).join(' '),
      v2vMs: roundedMs(said[index]?.v2vMs),
      timings: timings?.type === 'turn.completed' ? relativeTimings(timings.timings) : {},
    }
  })
}

const roundedMs = (ms: number | null | undefined) => (ms == null ? null : Math.round(ms))

function relativeTimings(timings: object): Record<string, number> {
  const entries = Object.entries(timings) as [string, number][]
  const zero = entries.find(([name]) => name === 'userStoppedAtMs')?.[1]
  if (zero === undefined) return {}
  return Object.fromEntries(
    entries
      .filter(([name]) => name.endsWith('AtMs'))
      .map(([name, at]) => [name.replace('AtMs', 'Ms'), Math.round(at - zero)]),
  )
}

/** The call's record, asked for as any user of the API would. */
export async function fetchCdr(
  client: CccClient,
  sdkAppId: number,
  sessionId: string,
): Promise<Record<string, unknown>> {
  const nowSeconds = Math.floor(Date.now() / 1000)
  const { TelCdrList } = await client.DescribeTelCdr({
    SdkAppId: sdkAppId,
    StartTimeStamp: nowSeconds - 3600,
    EndTimeStamp: nowSeconds + 60,
    PageSize: 10,
    PageNumber: 0,
    SessionIds: [sessionId],
  })
  return { ...(TelCdrList?.[0] ?? {}) }
}
