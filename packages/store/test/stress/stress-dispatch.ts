import { waitUntil } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { eventually, realClock } from '../support/real-time.ts'
import { openTestStore } from '../support/sample-calls.ts'
import { ask } from '../support/test-database.ts'
import { askForCalls } from './stress-callers.ts'
import { StressEngines } from './stress-engines.ts'
import { judgeStress, type StressReport } from './stress-judge.ts'
import { StressLog } from './stress-log.ts'
import { applications, trunks } from './stress-plan.ts'
import { StressServer } from './stress-server.ts'

/** How often, in seconds. */
export interface StressPeriods {
  /** An engine is killed. */
  readonly kill: number
  /** Half of all engines stand still, each for some time up to `stallMs`. */
  readonly stall: number
  /** Half of all connections are cut. */
  readonly cut: number
  /** The server is killed. */
  readonly restart: number
  /** The server stands still for 17 s. */
  readonly freeze: number
}

export interface StressOptions {
  readonly seconds: number
  readonly engines: number
  /** Of what the callers, the engines and the trouble do; how they meet is up to the machine. */
  readonly seed: number
  readonly every: StressPeriods
  /** Programs of another PostgreSQL than the bundled one. */
  readonly binDir?: string
}

const freezeMs = 17_000
const stallMs = 900
const settleLimitMs = 90_000

/** Many engines dial for several applications while engines and the database are killed, and tells what went wrong. */
export async function stressDispatch(options: StressOptions): Promise<StressReport> {
  const seeded = new SeededRandom(options.seed)
  const random = () => seeded.next()
  await using stack = new AsyncDisposableStack()
  const server = stack.use(await StressServer.start(options.binDir))
  const store = stack.use(await openTestStore(server.url, 20))
  await store.configure({ applications: applications.map(({ id }) => ({ applicationId: id })), trunks })
  const log = new StressLog()
  const engines = stack.use(new StressEngines(options.engines, log, server, options.seed))
  await eventually(async () => (await ask(server.url, 'select 1 from owners')).length === options.engines, 60_000)
  const stop = new AbortController()
  const asking = askForCalls(store, stop.signal, random)
  const startedAtMs = realClock.wallMs()
  const cuts = await makeTrouble(server, engines, options, random)
  const storm = { fromMs: startedAtMs, toMs: realClock.wallMs() }
  stop.abort()
  const asked = await asking
  const open = async () =>
    (
      await ask<{ open: number }>(
        server.url,
        "select count(*)::int as open from calls where stage not in ('closed', 'refused')",
      )
    )[0]?.open
  await eventually(async () => (await open()) === 0, settleLimitMs).catch(() => {})
  await engines[Symbol.asyncDispose]()
  return await judgeStress({
    url: server.url,
    dials: log.dials,
    asked,
    outages: server.outages,
    storm,
    counts: { kills: engines.kills, cuts, outages: server.outages.length, engines: options.engines },
  })
}

/** Returns how many connections were cut. */
async function makeTrouble(
  server: StressServer,
  engines: StressEngines,
  options: StressOptions,
  random: () => number,
): Promise<number> {
  const { every, seconds } = options
  let cuts = 0
  let restarts = 0
  for (let second = 1; second <= seconds; second += 1) {
    const nextAtMs = realClock.nowMs() + 1_000
    const due = (period: number) => second % period === 0
    if (due(every.kill)) await engines.killOne(Math.floor(random() * engines.count))
    if (due(every.stall))
      for (let place = 0; place < engines.count; place += 1)
        if (random() < 0.5) engines.stall(place, random() * stallMs)
    if (due(every.cut)) cuts += await server.cut(0.5).catch(() => 0)
    if (due(every.freeze)) await server.freeze(freezeMs)
    else if (due(every.restart)) await server.kill(restarts++ % 2 === 0 ? 'SIGKILL' : 'SIGQUIT')
    await waitUntil(realClock, nextAtMs)
  }
  return cuts
}
