import { isNetworkName, networkProfiles } from '../relay/network-profile.ts'
import type { GoalResult } from '../turns/goals.ts'
import type { PageSection } from './latency-section.ts'
import { figure, markdownTable } from './markdown-table.ts'
import type { TurnsResults } from './results-reader.ts'
import { drawPlot } from './svg-plot.ts'

const percent = (share: number | null) => (share === null ? '-' : `${figure(100 * share)} %`)

/** Goals of turn-taking and the curve of cut-ins against latency. */
export function turnsSection({ n, gates, metrics, frontier, panel }: TurnsResults): PageSection {
  const curves = Object.entries(frontier ?? {}).map(([name, { curve }]) => ({
    name,
    points: curve.map(({ latencyMs, cutIns }) => [latencyMs, 100 * cutIns] as const),
  }))
  const hasCurves = curves.some(({ points }) => points.length > 0)
  const svg = drawPlot({
    title: 'Cut-ins against latency: the best settings of the three knobs',
    xLabel: 'mean hold of turns that were over, ms',
    yLabel: 'turns cut in on, %',
    xTicks: [200, 400, 600, 800, 1_000],
    yTicks: [0, 10, 20, 30, 40, 50],
    series: curves,
  })
  const markdown = [
    '## Turn-taking',
    `${n} virtual talks: a simulated clock, the reducer and no sockets.`,
    ...(hasCurves ? ['![Cut-ins against latency](measurements/frontier.svg)'] : []),
    ...goalsTable(gates),
    ...durationsTable(metrics),
    ...(panel
      ? [
          'Under the names of published benchmarks:',
          markdownTable(
            ['value', ''],
            Object.entries(panel).map(([name, value]) => [name, figure(value)]),
          ),
        ]
      : []),
  ].join('\n\n')
  return { markdown, images: hasCurves ? [{ name: 'frontier', svg }] : [] }
}

/** One line on what was run and what came of it. */
export function describeTurns({ config, commit, n, machine, verdict }: TurnsResults): string {
  const share =
    machine.usefulShare === undefined ? '' : `, useful share of a core ${figure(100 * machine.usefulShare)} %`
  const network = config.network === undefined ? '' : `, ${config.network} network`
  return `\`bench turns\`, ${config.layer}${network}: ${verdict.toUpperCase()}. Commit ${commit.slice(0, 10)}, ${n} talks${share}.`
}

/** The same goals on real calls. */
export function liveTurnsSection({ n, gates, metrics, speakers, duckByVoice }: TurnsResults): string {
  const shares = Object.entries(speakers ?? {}).map(([name, { hits, n: of }]) => [name, `${hits} of ${of}`])
  const voices = Object.entries(duckByVoice ?? {}).map(([voice, { n: of, p50, p95 }]) => [
    voice,
    `${of}`,
    figure(p50),
    figure(p95),
  ])
  return [
    '## Turn-taking on real calls',
    `${n} calls with telephones of their own process over RTP, the neural detector, and a simulated recogniser that is told what is said. Small numbers: the intervals are wide, and a goal fails only with its whole interval.`,
    ...goalsTable(gates),
    ...durationsTable(metrics),
    markdownTable(['who', 'share'], shares),
    'First packet of the assistant that is 12 dB down or absent, after the first packet of an interruption, by its voice (`kal` is a diphone voice that the detector hears late):',
    markdownTable(['voice', 'n', 'p50', 'p95'], voices),
  ].join('\n\n')
}

/** The same once more, through networks that delay and lose. */
export function networkTurnsSection(files: readonly TurnsResults[]): string {
  const names = files.map(({ config }) => String(config.network))
  const delays = names.map((name) => (isNetworkName(name) ? `${name} ${networkProfiles[name].delayMs}` : name))
  const rows = (files[0]?.gates ?? []).map((first) => [
    first.name,
    `${first.isFloor ? '≥' : '≤'} ${show(first, first.goal)}`,
    ...files.map(({ gates }) => {
      const gate = gates.find(({ name }) => name === first.name)
      return gate ? `${show(gate, gate.value)}${gate.verdict === 'fail' ? ' (fail)' : ''}` : ''
    }),
  ])
  const missed = files.flatMap(({ gates }) => gates.filter(({ why, ...gate }) => why !== undefined && isMissed(gate)))
  const reasons = [...new Set(missed.map(({ name, why }) => `- ${name}: ${why}.`))]
  const durations = Object.keys(files[0]?.metrics ?? {}).map((name) => [
    name,
    ...files.map(({ metrics }) => {
      const of = metrics?.[name]
      return of ? `${of.n}: ${figure(of.p50)} / ${figure(of.p95)} / ${figure(of.p99)}` : ''
    }),
  ])
  return [
    '## Turn-taking through networks',
    `Real calls whose audio goes through the relay (${files.map(({ n }, index) => `${names[index]} ${n}`).join(', ')} calls). Times of reactions are those at the engine's end: the constant delay (${delays.join(', ')} ms each way) is taken off, jitter and losses are in them. \`fail\`: the whole 95 % interval misses the limit.`,
    markdownTable(['goal', 'of the design', ...names], rows),
    ...(reasons.length > 0 ? ['Why a goal is missed, where it is:', reasons.join('\n')] : []),
    'n: p50 / p95 / p99, ms:',
    markdownTable(['', ...names], durations),
  ].join('\n\n')
}

const isMissed = ({ value, goal, isFloor }: Omit<GoalResult, 'why'>): boolean =>
  value !== null && (isFloor ? value < goal : value > goal)

function goalsTable(gates: readonly GoalResult[]): string[] {
  const rows = gates.map((gate) => {
    const sign = gate.isFloor ? '≥' : '≤'
    return [
      gate.name,
      `${sign} ${show(gate, gate.goal)}`,
      `${sign} ${show(gate, gate.limit)}`,
      show(gate, gate.value),
      gate.verdict,
    ]
  })
  const reasons = gates.flatMap(({ name, why }) => (why === undefined ? [] : [`- ${name}: ${why}.`]))
  return [
    markdownTable(['goal', 'of the design', 'limit', 'value', 'verdict'], rows),
    ...(reasons.length > 0 ? ['Why a limit is not the goal:', reasons.join('\n')] : []),
  ]
}

function durationsTable(metrics: TurnsResults['metrics']): string[] {
  const rows = Object.entries(metrics ?? {}).map(([name, { n, p50, p95, p99 }]) => [
    name,
    `${n}`,
    figure(p50),
    figure(p95),
    figure(p99),
  ])
  return rows.length > 0 ? [markdownTable(['ms', 'n', 'p50', 'p95', 'p99'], rows)] : []
}

function show({ unit }: GoalResult, value: number | null): string {
  switch (unit) {
    case 'share':
      return percent(value)
    case 'ms':
      return value === null ? '-' : `${figure(value)} ms`
    case 'number':
      return figure(value)
    default:
      return unit satisfies never
  }
}
