import type { Gate } from '../gates.ts'
import type { ResultsFile, RunReport } from '../results-file.ts'
import { apiSection } from './api-section.ts'
import type { PageImage } from './latency-images.ts'
import { latencySection } from './latency-section.ts'
import { figure, markdownTable } from './markdown-table.ts'
import type { AllResults } from './results-reader.ts'
import { sipSection } from './sip-section.ts'
import { describeTurns, liveTurnsSection, networkTurnsSection, turnsSection } from './turns-section.ts'

/** `docs/measurements.md` and the pictures it shows. */
export interface MeasurementsPage {
  readonly markdown: string
  readonly images: readonly PageImage[]
}

const notMeasured: readonly string[] = [
  'Real providers, real networks, TLS, name resolution: providers and networks are simulated on the same machine.',
  'The telephone, the providers and the probes share the cores with the engine: with 50 calls on two cores the machine is measured as much as the engine.',
  'Signalling does not go through the relay, RTCP is not passed on.',
  'The sample rate of other recognisers: audio is 8 kHz throughout.',
  'Calls per core, long runs, faults of providers under load.',
]

/** The page made of the committed results: the same results give the same page. */
export function measurementsPage({
  latency,
  micro,
  sip,
  api,
  turns,
  'turns-live': live,
  'turns-live-wifi': wifi,
  'turns-live-mobile': mobile,
  'turns-live-bad': bad,
}: AllResults): MeasurementsPage {
  const latencyPart = latency && latencySection(latency)
  const turnsPart = turns && turnsSection(turns)
  const networks = [wifi, mobile, bad].filter((file) => file !== undefined)
  const files = [latency, micro, sip, api].filter((file) => file !== undefined)
  const markdown = [
    '# Measurements',
    'Made by `./scripts/bench report` from `bench/results/*.json`; [benchmarks.md](benchmarks.md) says what is measured and how. Times are in ms unless a column says otherwise. A test holds this page to the results.',
    ...files.map(describeFile),
    ...[turns, live, ...networks].flatMap((file) => (file ? [describeTurns(file)] : [])),
    '## Gates',
    'A gate fails when the whole 95 % interval is beyond the limit, and is inconclusive when the machine was too noisy. Limits may only go down, to the goal.',
    gatesTable(files),
    ...reasons(files),
    ...(latencyPart ? [latencyPart.markdown] : []),
    ...(turnsPart ? [turnsPart.markdown] : []),
    ...(live ? [liveTurnsSection(live)] : []),
    ...(networks.length > 0 ? [networkTurnsSection(networks)] : []),
    ...(sip ? [sipSection(sip)] : []),
    ...(api ? [apiSection(api)] : []),
    ...(micro ? [microSection(micro)] : []),
    '## Not measured',
    [...notMeasured, ...files.flatMap(missingRuns)].map((line) => `- ${line}`).join('\n'),
  ].join('\n\n')
  return { markdown: `${markdown}\n`, images: [...(latencyPart?.images ?? []), ...(turnsPart?.images ?? [])] }
}

function describeFile({ bench, commit, measuredOn, runs, verdict }: ResultsFile): string {
  const used = runs.filter((run) => run.n > 0)
  const { cores = 0, node = '' } = used[0]?.machine ?? {}
  const least = (values: readonly number[]) => (values.length === 0 ? Number.NaN : Math.min(...values))
  const share = least(used.map(({ machine }) => machine.usefulShare))
  const clean =
    used.reduce((sum, run) => sum + run.clean, 0) /
    Math.max(
      1,
      used.reduce((sum, run) => sum + run.n, 0),
    )
  const engine = used[0]?.config.engine === undefined ? '' : ` Engine: ${String(used[0].config.engine)}.`
  return `\`bench ${bench}\`: ${verdict.toUpperCase()}. Commit ${commit.slice(0, 10)}, ${measuredOn}, ${cores} cores, Node ${node}, useful share of a core at worst ${figure(100 * share)} %, ${figure(100 * clean)} % of the samples clean.${engine}`
}

function gatesTable(files: readonly ResultsFile[]): string {
  const row = (run: RunReport, gate: Gate) => [
    `${run.bench} ${run.id}`,
    gate.name,
    figure(gate.limit),
    figure(gate.goal),
    figure(gate.value),
    gate.ci ? gate.ci.map(figure).join(' – ') : '',
    String(gate.n),
    gate.verdict === 'pass' ? 'pass' : gate.verdict.toUpperCase(),
  ]
  const rows = files.flatMap(({ runs }) => runs.flatMap((run) => run.gates.map((gate) => row(run, gate))))
  return markdownTable(['run', 'gate', 'limit', 'goal', 'value', '95 % interval', 'n', 'verdict'], rows)
}

function reasons(files: readonly ResultsFile[]): readonly string[] {
  const lines = files.flatMap(({ runs }) =>
    runs.flatMap((run) =>
      run.gates.flatMap(({ name, why }) => (why === undefined ? [] : [`- ${run.id}, ${name}: ${why}`])),
    ),
  )
  return lines.length === 0 ? [] : ['Why a limit is not the goal:', lines.join('\n')]
}

function missingRuns({ bench, runs }: ResultsFile): readonly string[] {
  return runs.filter((run) => run.n === 0).map((run) => `\`${bench}\` ${run.id}: ${run.notes.join('; ')}`)
}

function microSection({ runs }: ResultsFile): string {
  const rows = runs.map((run) => [
    run.id,
    `${run.config.unit}`,
    figure(run.metrics.µs?.p50),
    figure(run.metrics.ratio?.p50),
    figure(run.gates[0]?.limit),
    `${run.clean} of ${run.n}`,
  ])
  return [
    '## Micro benches',
    'Each is run in turns with a fixed loop; `ratio` is its time over that of 1,000 steps of the loop, which moves less from machine to machine than microseconds do.',
    markdownTable(['piece', 'for each', 'µs p50', 'ratio p50', 'limit', 'quiet rounds'], rows),
  ].join('\n\n')
}
