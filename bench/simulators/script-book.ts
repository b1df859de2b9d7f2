import type { SimulatedUtterance } from './script.ts'

/** A connection that is used this soon after another one was closed is that one opened anew. */
const reopenedWithinMs = 500
/** A call whose audio has not come by then has failed. */
const expectedWithinMs = 5_000

type Script = readonly SimulatedUtterance[]

/**
 * Which caller each connection of the recogniser is. Whoever places a call says so first (`expect`); the connection whose audio
 * comes next is that call's, whenever it was opened: engines keep connections in store. When no call is expected and a connection
 * has just been closed, it is that one, opened anew.
 */
export class ScriptBook {
  private readonly nowMs: () => number
  private readonly scripts = new Map<number, Script>()
  private expected: { readonly script: Script; readonly atMs: number }[] = []
  private closed: { readonly script: Script; readonly atMs: number } | undefined

  constructor(nowMs: () => number) {
    this.nowMs = nowMs
  }

  expect(script: Script): void {
    this.expected.push({ script, atMs: this.nowMs() })
  }

  /** Its first audio has come. */
  begin(connection: number): void {
    const nowMs = this.nowMs()
    this.expected = this.expected.filter(({ atMs }) => nowMs - atMs <= expectedWithinMs)
    const isReopened = this.closed !== undefined && nowMs - this.closed.atMs <= reopenedWithinMs
    const next = this.expected.shift() ?? (isReopened ? this.closed : undefined)
    this.closed = undefined
    if (next) this.scripts.set(connection, next.script)
  }

  /** `turn`: utterances it has heard. */
  close(connection: number, turn: number): void {
    const script = this.scripts.get(connection)
    if (script) this.closed = { script: script.slice(turn), atMs: this.nowMs() }
  }

  /** Undefined: nobody said who that would be. */
  of(connection: number): Script | undefined {
    return this.scripts.get(connection)
  }
}
