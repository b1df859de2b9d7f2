import { writeFile } from 'node:fs/promises'
import { exitCodes } from '../../gates.ts'
import { currentCommit } from '../../results-file.ts'
import type { Summary } from '../../statistics.ts'
import { measureOnsets, type OnsetResult } from './measure-onsets.ts'

export interface OnsetFlags {
  readonly isQuick: boolean
  readonly seed: number
  readonly json?: string | undefined
}

const phases = { quick: 2, full: 6 } as const

/** `bench turns --onsets`. Returns the exit code: it measures and judges nothing. */
export async function tellOnsets({ isQuick, seed, json }: OnsetFlags, print: (line: string) => void): Promise<number> {
  const result = await measureOnsets(isQuick ? phases.quick : phases.full, seed)
  for (const line of linesOf(result)) print(line)
  const head = { bench: 'turns', commit: currentCommit(), config: { layer: 'onsets', seed, isQuick } }
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ ...head, ...result }, null, 2)}\n`)
  return exitCodes.pass
}

function linesOf({ voices, noises, echoes }: OnsetResult): string[] {
  const name = (text: string) => `  ${text.padEnd(18)}`
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(8)
  const quantiles = (summary: Summary | undefined) =>
    summary ? [summary.p50, summary.p90, summary.p95].map((ms) => ms.toFixed(0)).join(' / ') : '-'
  return [
    'ms after the packet with the first audible speech (p50 / p90 / p95): a first sign, and the detector is sure',
    ...Object.entries(voices).map(
      ([voice, { sign, sure, missed }]) =>
        `${name(voice)}${quantiles(sign.summary).padEnd(18)}${quantiles(sure.summary).padEnd(18)} n ${sign.summary?.n ?? 0}, missed ${missed}`,
    ),
    '  twentieths, sign and sure:',
    ...Object.entries(voices)
      .filter(([voice]) => voice.startsWith('all'))
      .flatMap(([voice, { sign, sure }]) =>
        [sign, sure].map(({ twentieths }) => `${name(voice)}${twentieths.map((ms) => ms.toFixed(0)).join(' ')}`),
      ),
    'noises taken for a first sign, and for a voice; ms a sign lasts (p50 / p90 / p95)',
    ...Object.entries(noises).map(
      ([noise, { sign, sure, signMs }]) =>
        `${name(noise)}${percent(sign.share)}${percent(sure.share)}  of ${sign.n}  ${quantiles(signMs)}`,
    ),
    'echo alone, a minute of the assistant: first signs, ms they last, voices',
    ...Object.entries(echoes).map(
      ([loss, { signsPerMinute, signMsPerMinute, surePerMinute }]) =>
        `${name(loss)}${[signsPerMinute, signMsPerMinute, surePerMinute].map((value) => value.toFixed(1)).join('  ')}`,
    ),
  ]
}
