import type { ParseArgsOptionsConfig } from 'node:util'
import type { Engine } from './engine/engine.ts'
import type { Terminal } from './output/terminal.ts'

type Values = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>

/** What a command works with. */
export interface Job {
  readonly values: Values
  readonly positionals: readonly string[]
  readonly engine: Engine
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Unix ms. */
  wallMs(): number
  /** Aborted when the person wants to stop. */
  readonly signal: AbortSignal
  /** Resolves after so many ms, or when `signal` is aborted. */
  pause(ms: number): Promise<void>
}

/** One word after `parley`. */
export interface Command {
  readonly name: string
  /** Arguments, as a person would write them. */
  readonly synopsis: string
  readonly summary: string
  /** What each option means, one line each. */
  readonly help: readonly string[]
  readonly options: ParseArgsOptionsConfig
  /** How many arguments it takes at least and at most. */
  readonly arguments: readonly [number, number]
  /** Its exit code. @throws Failure */
  run(job: Job): Promise<number>
}

/** The text of an option that may be given once. */
export function textOption({ values }: Pick<Job, 'values'>, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** The texts of an option that may be given several times. */
export function textsOption({ values }: Pick<Job, 'values'>, name: string): readonly string[] {
  const value = values[name]
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

export const flag = ({ values }: Pick<Job, 'values'>, name: string): boolean => values[name] === true

export const json = { json: { type: 'boolean' } } as const satisfies ParseArgsOptionsConfig
