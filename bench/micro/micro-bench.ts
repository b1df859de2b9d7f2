import { monotonicNs } from '../monotonic.ts'
import { calibrationLoop, calibrationUnits } from './calibration-loop.ts'

/** A piece of the engine, run many times. */
export interface MicroBench {
  readonly name: string
  /** What `ops` counts. */
  readonly unit: string
  /** How many of them one `run` does. */
  readonly ops: number
  run(): void | Promise<void>
}

/** One bench against the calibration loop, round by round. */
export interface MicroResult {
  readonly name: string
  readonly unit: string
  /** Time of one op over the time of 1,000 steps of the loop. */
  readonly ratios: readonly number[]
  readonly microseconds: readonly number[]
  /** Loop of each round, ns for 1,000 steps: says how steady the machine was. */
  readonly loopNs: readonly number[]
}

const warmUpNs = 60e6
/** Long enough for the clock, short enough to fall between two disturbances. */
const sampleNs = 4e6
const rounds = 50

/** Runs loop and bench in turns, so that both meet the same machine. */
export async function measureMicro({ name, unit, ops, run }: MicroBench): Promise<MicroResult> {
  const runs = await runsPerSample(run)
  const ratios: number[] = []
  const microseconds: number[] = []
  const loopNs: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const before = timeLoop()
    const fromNs = monotonicNs()
    for (let count = 0; count < runs; count += 1) await run()
    const opNs = (monotonicNs() - fromNs) / (runs * ops)
    const unitNs = (before + timeLoop()) / 2
    ratios.push(opNs / unitNs)
    microseconds.push(opNs / 1_000)
    loopNs.push(unitNs)
  }
  return { name, unit, ratios, microseconds, loopNs }
}

function timeLoop(): number {
  const fromNs = monotonicNs()
  for (let count = 0; count < 20; count += 1) calibrationLoop()
  return (monotonicNs() - fromNs) / (20 * calibrationUnits)
}

/** Warms up, and finds how many runs fill a sample. */
async function runsPerSample(run: MicroBench['run']): Promise<number> {
  const fromNs = monotonicNs()
  let runs = 0
  let lastNs = 0
  while (monotonicNs() - fromNs < warmUpNs) {
    const startNs = monotonicNs()
    await run()
    lastNs = monotonicNs() - startNs
    runs += 1
    timeLoopOnce(runs)
  }
  return Math.max(1, Math.round(sampleNs / Math.max(1_000, lastNs)))
}

/** The loop is compiled before it is timed, too. */
function timeLoopOnce(runs: number): void {
  if (runs < 20) calibrationLoop()
}
