import type { SimulatedUtterance } from './script.ts'

/** A connection that is opened this soon after another one was closed is that one opened anew. */
const reopenedWithinMs = 500

/**
 * Which caller each connection of the recogniser is. Whoever places a call says so first (`expect`); the next connection
 * is that call's, unless another one has just been closed: then it is that one, opened anew.
 */
export class ScriptBook {
  private readonly nowMs: () => number
  private readonly scripts = new Map<number, readonly SimulatedUtterance[]>()
  private expected: readonly SimulatedUtterance[] | undefined
  private closed: { readonly script: readonly SimulatedUtterance[]; readonly atMs: number } | undefined

  constructor(nowMs: () => number) {
    this.nowMs = nowMs
  }

  expect(script: readonly SimulatedUtterance[]): void {
    this.expected = script
    this.closed = undefined
  }

  open(connection: number): void {
    const isReopened = this.closed && this.nowMs() - this.closed.atMs <= reopenedWithinMs
    const script = isReopened ? this.closed?.script : this.expected
    if (!isReopened) this.expected = undefined
    this.closed = undefined
    if (script) this.scripts.set(connection, script)
  }

  /** `turn`: utterances it has heard. */
  close(connection: number, turn: number): void {
    const script = this.scripts.get(connection)
    if (script) this.closed = { script: script.slice(turn), atMs: this.nowMs() }
  }

  /** Undefined: nobody said who that would be. */
  of(connection: number): readonly SimulatedUtterance[] | undefined {
    return this.scripts.get(connection)
  }
}
