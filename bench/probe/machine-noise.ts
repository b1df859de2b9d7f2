import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { nsPerMs } from '../monotonic.ts'
import type { ProbeReport, Stall } from './noise-probe.ts'

/** What the machine did to processes that only wanted to wake up every millisecond. */
export interface MachineNoise {
  readonly usefulShare: number
  readonly stalls: readonly Stall[]
}

/** One probe process for each core the bench may use. */
export interface NoiseProbes extends AsyncDisposable {
  /** Since the last time. */
  collect(): Promise<MachineNoise>
}

const cleanBelowMs = 1

export async function startProbes(spinMs: number): Promise<NoiseProbes> {
  const path = fileURLToPath(new URL('noise-probe.ts', import.meta.url))
  const probes = Array.from({ length: availableParallelism() }, () => fork(path, [String(spinMs)]))
  await Promise.all(probes.map((probe) => once(probe, 'message')))
  return {
    async collect() {
      const reports = await Promise.all(probes.map(ask))
      return {
        usefulShare: Math.min(...reports.map((report) => report.usefulShare)),
        stalls: reports.flatMap((report) => report.stalls),
      }
    },
    async [Symbol.asyncDispose]() {
      for (const probe of probes) probe.disconnect()
    },
  }
}

async function ask(probe: ChildProcess): Promise<ProbeReport> {
  const answer = once(probe, 'message')
  probe.send('report')
  return (await answer)[0] as ProbeReport
}

/** True when stalls took less than 1 ms of the window. */
export function isClean(noise: MachineNoise, fromNs: number, toNs: number): boolean {
  const stalledNs = noise.stalls.reduce(
    (sum, stall) => sum + Math.max(0, Math.min(stall.toNs, toNs) - Math.max(stall.fromNs, fromNs)),
    0,
  )
  return stalledNs < cleanBelowMs * nsPerMs
}
