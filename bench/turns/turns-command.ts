import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import type { TurnRules } from '@parley/conversation/turn'
import { exitCodes, overall } from '../gates.ts'
import { isNetworkName, type NetworkName, networkProfiles } from '../relay/network-profile.ts'
import { currentCommit } from '../results-file.ts'
import { externalFrontier } from './external/external-frontier.ts'
import { loadExternalSet } from './external/external-set.ts'
import { pointsBeyond } from './frontier.ts'
import { judgeGoals, judgeHeldOut } from './goals.ts'
import { sweepKnobs, sweepPlans } from './knob-sweep.ts'
import { liveTurns } from './live/live-command.ts'
import { tellOnsets } from './onset/onset-command.ts'
import { heldOutFolder, loadScenarios } from './scenario/load-scenarios.ts'
import type { Scenario } from './scenario/scenario.ts'
import { runStorm, stormTalk } from './storm/storm.ts'
import { failuresByScenario, measureTalks } from './turn-metrics.ts'
import { turnRules } from './turn-rules.ts'
import { readTurnsBudgets } from './turns-budgets.ts'
import { formatFrontier, formatGoals, formatMetrics } from './turns-report.ts'
import { type Figures, figures } from './virtual/figures.ts'
import { runTalks } from './virtual/run-talks.ts'
import { traceTalk } from './virtual/trace-talk.ts'

export const turnsUsage = `turns [--quick] [--json FILE]
  --quick            fewer repetitions, a coarser sweep
  --json FILE        write the results there
  --seed N           other chance (default 1)
  --only SET         scenarios of one set, or those whose id begins so; no sweep
  --held-out         instead: everything on the lines that the policy was not made with
  --failures N       name the N scenarios that most often went otherwise than expected
  --threshold X, --action-delay MS, --timeout MS   the knobs of endpointing (default: the engine's)
  --punctuates X     share of recognisers that write punctuation (default ${figures.recognizer.punctuates}), in virtual time
  --trace ID         instead: everything that happens in one scenario
  --live             real calls: telephones, the engine's own process, its own voice detector (--quick: under 100 s)
  --onsets           instead: how soon the engine's ear hears voices, noises and echo over the assistant (minutes; --quick: one)
  --network NAME     with --live: the audio goes through a simulated network (clean, lan, wifi, mobile, bad)
  --data MANIFEST    instead: the frontier on a set of others (JSON: audio, silence_spans)
  --storm N          instead: N random talks with failing providers (with --seed S: from that seed on)
  --replay SEED      instead: the one talk of that seed`

const options = {
  quick: { type: 'boolean', default: false },
  json: { type: 'string' },
  seed: { type: 'string', default: '1' },
  only: { type: 'string' },
  'held-out': { type: 'boolean', default: false },
  failures: { type: 'string', default: '0' },
  threshold: { type: 'string' },
  'action-delay': { type: 'string' },
  timeout: { type: 'string' },
  punctuates: { type: 'string' },
  live: { type: 'boolean', default: false },
  onsets: { type: 'boolean', default: false },
  network: { type: 'string' },
  data: { type: 'string' },
  trace: { type: 'string' },
  storm: { type: 'string' },
  replay: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

type Flags = ReturnType<typeof parseArgs<{ options: typeof options }>>['values']

/** `bench turns`. @returns the exit code. @throws Error when the bench itself fails */
export async function runTurns(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) return print(turnsUsage)
  const seed = numberOf(values.seed)
  if (values.replay !== undefined) return print(`${stormTalk(numberOf(values.replay))} steps, every invariant kept`)
  if (values.storm !== undefined) return storm(numberOf(values.storm), seed)
  if (values.trace !== undefined) return trace(values.trace, rulesOf(values), seed)
  if (values.data !== undefined) return external(values.data, values.quick)
  if (values.onsets) return tellOnsets({ isQuick: values.quick, seed, json: values.json }, print)
  if (values.live) {
    const { quick: isQuick, only, json } = values
    return liveTurns({ isQuick, seed, only, json, network: networkOf(values.network) }, print)
  }
  return measure(values, seed)
}

function networkOf(name: string | undefined): NetworkName | undefined {
  if (name === undefined || isNetworkName(name)) return name
  throw new Error(`--network must be one of: ${Object.keys(networkProfiles).join(', ')}`)
}

function storm(dialogues: number, seed: number): number {
  const { steps } = runStorm(dialogues, seed)
  return print(`${dialogues} talks, ${steps} steps, every invariant kept`)
}

function rulesOf(values: Flags): TurnRules {
  return turnRules({
    ...(values.threshold !== undefined && { threshold: numberOf(values.threshold) }),
    ...(values['action-delay'] !== undefined && { actionDelayMs: numberOf(values['action-delay']) }),
    ...(values.timeout !== undefined && { timeoutMs: numberOf(values.timeout) }),
  })
}

function figuresOf({ punctuates }: Flags): Figures {
  if (punctuates === undefined) return figures
  return { ...figures, recognizer: { ...figures.recognizer, punctuates: numberOf(punctuates) } }
}

async function trace(id: string, rules: TurnRules, seed: number): Promise<number> {
  const scenario = (await loadScenarios()).find((candidate) => candidate.id === id)
  if (!scenario) throw new Error(`no scenario is called ${id}`)
  return print(traceTalk(scenario, rules, figures, seed).join('\n'))
}

async function external(manifest: string, isQuick: boolean): Promise<number> {
  const turns = await loadExternalSet(manifest)
  const { fused, silenceOnly, timer } = externalFrontier(turns, isQuick ? sweepPlans.quick : sweepPlans.full)
  const curves = { 'all that is known': fused, 'threshold 1': silenceOnly, 'a timer': timer }
  return print(`${turns.length} turns${formatFrontier(curves, pointsBeyond(fused, timer))}`)
}

async function measure(values: Flags, seed: number): Promise<number> {
  const { only, quick } = values
  const heldOut = await loadScenarios(heldOutFolder)
  const isHeldOut = values['held-out']
  const all = isHeldOut ? heldOut : await loadScenarios()
  const scenarios = all.filter(({ set, id }) => only === undefined || set === only || id.startsWith(only))
  if (scenarios.length === 0) throw new Error(`no scenario is of the set, or called, ${only}`)
  const rules = rulesOf(values)
  const world = figuresOf(values)
  const run = (chosen: readonly Scenario[]) => runTalks(chosen, quick ? 2 : 10, rules, world, seed)
  const records = run(scenarios)
  const metrics = measureTalks(records)
  print(formatMetrics(metrics))
  const failures = failuresByScenario(records).slice(0, numberOf(values.failures))
  for (const {
    id,
    failures: { hits, n },
  } of failures)
    print(`  otherwise than expected: ${id}, ${hits} of ${n}`)
  const sweep = only === undefined ? sweep3(all, quick, world, seed) : undefined
  const budgets = await readTurnsBudgets('virtual')
  const isWhole = only === undefined && !isHeldOut
  const beyond = isWhole ? judgeHeldOut(measureTalks(run(heldOut)), budgets) : []
  const goals = [...judgeGoals(metrics, budgets), ...beyond, ...(sweep?.goals ?? [])]
  print(`\n${formatGoals(goals)}`)
  const verdict = overall(goals.filter(({ value }) => value !== null))
  print(`\nverdict: ${verdict === 'pass' ? verdict : verdict.toUpperCase()}`)
  if (values.json !== undefined) {
    const head = {
      bench: 'turns',
      commit: currentCommit(),
      config: { layer: 'virtual', seed, quick, knobs: rules.turn.endpointing },
      machine: { cores: availableParallelism(), node: process.version },
      n: metrics.talks,
    }
    const { panel, durations, rates, means } = metrics
    const rest = { metrics: durations, rates, means, panel, frontier: sweep?.curves, gates: goals, verdict }
    await writeFile(values.json, `${JSON.stringify({ ...head, ...rest }, null, 2)}\n`)
  }
  return exitCodes[verdict]
}

function sweep3(scenarios: readonly Scenario[], isQuick: boolean, world: Figures, seed: number) {
  const turns = scenarios.filter(({ set }) => set === 'pauses' || set === 'gaps')
  const { fused, silenceOnly, timer } = sweepKnobs(turns, isQuick ? sweepPlans.quick : sweepPlans.full, world, seed)
  const beyond = [...pointsBeyond(fused, timer), ...pointsBeyond(fused, silenceOnly)]
  const isDominant = beyond.length === 0
  const curves = { 'all that is known': fused, 'threshold 1': silenceOnly, 'a timer': timer }
  print(formatFrontier(curves, beyond))
  const goal = {
    name: 'frontier beats silence only everywhere',
    goal: 1,
    limit: 1,
    isFloor: true,
    unit: 'number',
  } as const
  return { curves, goals: [{ ...goal, value: isDominant ? 1 : 0, verdict: isDominant ? 'pass' : 'fail' } as const] }
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return exitCodes.pass
}

function numberOf(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`${text} is no number`)
  return value
}
