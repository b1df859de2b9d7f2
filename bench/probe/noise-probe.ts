import { monotonicNs, nsPerMs } from '../monotonic.ts'

/** A stretch in which this process, which asked for 1 ms of sleep, was not run. */
export interface Stall {
  readonly fromNs: number
  readonly toNs: number
}

export interface ProbeReport {
  readonly usefulShare: number
  readonly stalls: readonly Stall[]
}

const stallNs = 6 * nsPerMs
const sliceNs = 50 * nsPerMs
const spinMs = Number(process.argv[2] ?? 1_000)

/** Share of a core that a process which never waits is given. */
function measureUsefulShare(): number {
  const before = process.cpuUsage()
  const fromNs = monotonicNs()
  while (monotonicNs() - fromNs < spinMs * nsPerMs);
  const used = process.cpuUsage(before)
  return ((used.user + used.system) * 1_000) / (monotonicNs() - fromNs)
}

const usefulShare = measureUsefulShare()
let stalls: Stall[] = []
const cell = new Int32Array(new SharedArrayBuffer(4))

/** Sleeps without the event loop, whose own work would count as a stall. */
function watchSlice(): void {
  const untilNs = monotonicNs() + sliceNs
  for (let lastNs = monotonicNs(); lastNs < untilNs; ) {
    Atomics.wait(cell, 0, 0, 1)
    const nowNs = monotonicNs()
    if (nowNs - lastNs > stallNs) stalls.push({ fromNs: lastNs, toNs: nowNs })
    lastNs = nowNs
  }
  setImmediate(watchSlice)
}

process.on('message', () => {
  process.send?.({ usefulShare, stalls } satisfies ProbeReport)
  stalls = []
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
watchSlice()
