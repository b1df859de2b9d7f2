/**
 * `refused`: the engine says no, or there is no such thing. `usage`: the command itself is wrong. `unreachable`: no engine
 * answers. `key`: the engine does not take the key.
 */
export type FailureKind = 'refused' | 'usage' | 'unreachable' | 'key'

/** The exit codes of the command; docs/cli.md. */
export const exitCodes: Readonly<Record<FailureKind, number>> = { refused: 1, usage: 2, unreachable: 3, key: 4 }

/** Why a command ends early, in words for people. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly kind: FailureKind

  constructor(kind: FailureKind, message: string) {
    super(message)
    this.kind = kind
  }
}
