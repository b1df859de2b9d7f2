import type { MachineNoise } from '../probe/machine-noise.ts'
import type { AnswerTime } from './call-rate.ts'

/** What one run of `bench sip` gave. */
export interface SipRun {
  readonly id: string
  readonly calls: number
  readonly config: Readonly<Record<string, unknown>>
  readonly answers: readonly AnswerTime[]
  /** Between two packets of one call at the caller, ms. */
  readonly spacingsMs: readonly number[]
  readonly counts: Readonly<Record<string, number>>
  readonly failures: readonly string[]
  /** What else is to be known, a line each. */
  readonly notes: readonly string[]
  readonly noise: MachineNoise
  readonly durationMs: number
}

/** A number that the gateway and the engine serve. */
export const servedNumber = '+8675500000001'
