import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { preferThisThread } from '@parley/runtime'
import { formatRun } from '../format-run.ts'
import { type Budget, exitCodes, judge, overall, readBudgets } from '../gates.ts'
import { application, providerKey, startEngine } from '../latency/engine-process.ts'
import { isClean, startProbes } from '../probe/machine-noise.ts'
import { currentCommit, describeMachine, type RunReport, resultsOf, writeResults } from '../results-file.ts'
import { startProviders } from '../simulators/provider-process.ts'
import { type Summary, summarise } from '../statistics.ts'
import { runAtOnce, runEngineAnswers } from './engine-runs.ts'
import { startGateway } from './gateway.ts'
import { runGateway } from './gateway-runs.ts'
import { type SipPlan, sipPlans } from './sip-plan.ts'
import type { SipRun } from './sip-run.ts'

export const sipUsage = `sip [--quick] [--only gateway|engine] [--json FILE]
  calls that come in: time to answer, many at once, many in a row; under 7 minutes, --quick about a minute`

const probeSpinMs = { full: 3_000, quick: 1_000 }
/** Resampling all gaps of 200 calls would take minutes: the interval is that of a sample, the quantiles are of all. */
const maxSampled = 10_000

/** @throws Error when a process does not start, or does not answer */
export async function sipCommand(args: readonly string[]): Promise<number> {
  const { quick, only, json } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string' }, json: { type: 'string' } },
  }).values
  const print = (line: string) => void process.stdout.write(`${line}\n`)
  const plan = sipPlans[quick ? 'quick' : 'full']
  const budgets = await readBudgets('sip')
  const reports: RunReport[] = []
  await runPlan(plan, only, print, (run) => {
    const report = reportRun(run, budgets[run.id] ?? [])
    reports.push(report)
    print(formatRun(report, 'ms'))
  })
  const results = resultsOf('sip', reports)
  print(`\nverdict: ${results.verdict === 'pass' ? results.verdict : results.verdict.toUpperCase()}`)
  if (json !== undefined) await writeResults(json, results)
  return exitCodes[results.verdict]
}

async function runPlan(
  plan: SipPlan,
  only: string | undefined,
  log: (line: string) => void,
  onRun: (run: SipRun) => void,
): Promise<void> {
  await using probes = await startProbes(probeSpinMs[plan.name])
  if (only !== 'engine') {
    const { answers, short } = plan
    log(`gateway: ${answers.calls} calls at ${answers.perS}/s, ${short.calls} short ones at ${short.perS}/s`)
    await using gateway = await startGateway()
    for (const run of await runGateway(plan, gateway, probes)) onRun(run)
  }
  if (only === 'gateway') return
  const { answers, atOnce } = plan
  log(`engine: ${answers.engineCalls} calls at ${answers.perS}/s, then ${atOnce.calls} at once`)
  await using providers = await startProviders({
    seed: 1,
    profile: 'reference',
    script: [],
    apiKey: providerKey,
    replyWords: 7,
  })
  await using engine = await startEngine({
    mode: 'adaptive',
    ports: providers.ports,
    phonePort: 1,
    concurrentCalls: atOnce.calls + answers.perS * 4,
    preload: fileURLToPath(new URL('usage-agent.ts', import.meta.url)),
    inbound: {
      sdkAppId: application.sdkAppId,
      welcomeMessage: 'Hello.',
      llm: { type: 'openai', url: `http://127.0.0.1:${providers.ports.llm}/v1`, apiKey: providerKey, model: 'sim' },
    },
  })
  onRun(
    await runEngineAnswers(plan, engine, probes, {
      [providers.ports.llm]: 'the model',
      [providers.ports.asr]: 'the recogniser',
      [providers.ports.tts]: 'the voice',
    }),
  )
  // The telephones are what measures, and must not wait for the engine they measure. Last: processes started from here would inherit it.
  preferThisThread()
  onRun(await runAtOnce(plan, engine, probes))
}

function reportRun(run: SipRun, budgets: readonly Budget[]): RunReport {
  const { answers, spacingsMs, counts, noise } = run
  const clean = answers.filter(({ fromNs, toNs }) => isClean(noise, fromNs, toNs))
  const quiet = { cleanTurns: clean.length, turns: answers.length, usefulShare: noise.usefulShare }
  const entries = Object.entries({
    answer: summarise(clean.map(({ answerMs }) => answerMs)),
    'all.answer': summarise(answers.map(({ answerMs }) => answerMs)),
    spacing: summariseMany(spacingsMs),
  }).flatMap(([name, summary]) => (summary ? [[name, summary] as const] : []))
  const metrics = Object.fromEntries(entries)
  const gates = budgets
    // A quick run waits for no transaction, so it knows nothing of the timers of the engine.
    .filter(({ quantile, metric }) => quantile !== 'count' || counts[metric] !== undefined)
    .map((budget) => judge(budget, counts[budget.metric] ?? metrics[budget.metric], quiet))
  return {
    bench: 'sip',
    id: run.id,
    commit: currentCommit(),
    config: { ...run.config, calls: run.calls },
    machine: describeMachine(noise, run.durationMs),
    n: answers.length,
    clean: clean.length,
    metrics,
    counts,
    gates,
    verdict: overall(gates),
    notes: [...run.failures.slice(0, 5), ...run.notes],
  }
}

function summariseMany(values: readonly number[]): Summary | undefined {
  const step = Math.max(1, Math.ceil(values.length / maxSampled))
  const sampled = summarise(values.filter((_, index) => index % step === 0))
  if (!sampled) return undefined
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] as number
  return { ...sampled, n: values.length, p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), max: at(1) }
}
