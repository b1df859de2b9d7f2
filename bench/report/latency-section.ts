import type { ResultsFile, RunReport } from '../results-file.ts'
import type { Quantile } from '../statistics.ts'
import {
  callsImage,
  measured,
  modesImage,
  network,
  networksImage,
  type PageImage,
  runsByCalls,
} from './latency-images.ts'
import { figure, markdownTable } from './markdown-table.ts'

export interface PageSection {
  readonly markdown: string
  readonly images: readonly PageImage[]
}

const of = (run: RunReport, metric: string, quantile: Quantile = 'p50') => figure(run.metrics[metric]?.[quantile])

/** Everything about latency but its gates. */
export function latencySection(results: ResultsFile): PageSection {
  const images = [modesImage(results), networksImage(results), callsImage(results)].filter(
    (image) => image !== undefined,
  )
  const has = (name: string) => images.some((image) => image.name === name)
  const show = (name: string, alt: string) => (has(name) ? [`![${alt}](measurements/${name}.svg)`] : [])
  const markdown = [
    '## Latency',
    runsTable(results),
    ...show('v2v-by-mode', 'Distribution of V2V by mode'),
    '### Calls at once',
    ...show('own-time-by-calls', "The engine's own time by calls at once"),
    callsTable(results),
    '### Networks',
    'V2V is on our side: what the relay imposed on the last speech and on the first sound is taken out. `line` is what the caller waits, `growth` V2V less that over the clean relay, `wrong` what the loss made of turns.',
    ...show('v2v-by-network', 'Distribution of V2V by network'),
    networksTable(results),
    '### Kinds of turns',
    "V2V p50, ms. `pause` is a sentence with a pause in it. E is the engine's own time in the first turn of a call and in later ones.",
    kindsTable(results),
    '### Greeting',
    'Answer to the first sound, ms. `first`: no other call has been greeted with this text before.',
    greetingTable(results),
    '### What speculation costs',
    'Audio counts in bytes of 16-bit PCM at 8 kHz. `after cancel`: bytes the synthesiser sent after the engine had given the reply up.',
    wasteTable(results),
    '### Where the time goes',
    'Medians of the waits between two stamps of others, ms: [benchmarks.md](benchmarks.md) says which.',
    lossTable(results),
  ].join('\n\n')
  return { markdown, images }
}

function runsTable(results: ResultsFile): string {
  const rows = measured(results).map((run) => [
    run.id,
    `${run.config.profile}`,
    figure(run.config.calls as number),
    `${run.n} (${run.clean})`,
    of(run, 'H'),
    of(run, 'V2V'),
    of(run, 'V2V', 'p95'),
    of(run, 'V2V', 'p99'),
    of(run, 'E'),
    of(run, 'E', 'p95'),
    of(run, 'S'),
    String((run.counts.staleOrDouble ?? 0) + (run.counts.missingOrCutIn ?? 0)),
  ])
  const head = [
    'run',
    'providers',
    'calls',
    'turns (clean)',
    'H',
    'V2V p50',
    'p95',
    'p99',
    'E p50',
    'E p95',
    'S p50',
    'wrong',
  ]
  return markdownTable(head, rows)
}

function callsTable(results: ResultsFile): string {
  const rows = runsByCalls(results).map((run) => [
    figure(run.config.calls as number),
    figure(run.metrics.E?.n),
    of(run, 'E'),
    of(run, 'E', 'p95'),
    of(run, 'E', 'p99'),
    figure(run.counts.engineCpuMsPerCallSecond),
    figure(run.counts.engineToEchoCpu),
    figure(run.counts.ownTimeToEchoRtt),
    figure(run.machine.stallsPerMin),
  ])
  const head = [
    'calls',
    'n',
    'E p50',
    'E p95',
    'E p99',
    'CPU ms per call and second',
    '÷ echo',
    'E p50 ÷ echo',
    'stalls/min',
  ]
  return markdownTable(head, rows)
}

function networksTable(results: ResultsFile): string {
  const rows = measured(results)
    .filter((run) => network(run) !== undefined)
    .map((run) => [
      network(run) ?? '',
      `${run.n} (${run.clean})`,
      of(run, 'network'),
      of(run, 'network', 'p95'),
      of(run, 'V2V.line'),
      of(run, 'V2V'),
      of(run, 'V2V', 'p95'),
      of(run, 'growth'),
      `${run.counts.staleOrDouble ?? 0} + ${run.counts.missingOrCutIn ?? 0}`,
    ])
  const head = [
    'network',
    'turns (clean)',
    'relay p50',
    'p95',
    'line p50',
    'V2V p50',
    'p95',
    'growth p50',
    'wrong: stale + missing or cut in',
  ]
  return markdownTable(head, rows)
}

function kindsTable(results: ResultsFile): string {
  const kinds = ['yes-no', 'digits', 'question', 'long', 'pause']
  const rows = measured(results)
    .filter((run) => network(run) === undefined)
    .map((run) => [run.id, ...kinds.map((kind) => of(run, `V2V.${kind}`)), of(run, 'E.first'), of(run, 'E.later')])
  return markdownTable(['run', ...kinds, 'E first turn', 'E later'], rows)
}

function greetingTable(results: ResultsFile): string {
  const rows = measured(results)
    .filter((run) => network(run) === undefined)
    .map((run) => {
      const later = run.metrics['greeting.later']
      return [run.id, of(run, 'greeting.first'), figure(later?.n), figure(later?.p50), figure(later?.p95)]
    })
  return markdownTable(['run', 'first', 'n', 'later p50', 'later p95'], rows)
}

function wasteTable(results: ResultsFile): string {
  const rows = measured(results).map(({ id, counts }) => [
    id,
    figure(counts.modelRequestsPerTurn),
    figure(counts.wastedTokensPerTurn),
    figure(counts.modelRequestsCancelled),
    figure(counts.speechRequestsCancelled),
    figure(counts.unheardSpeechBytesPerTurn),
    figure(counts.speechBytesAfterCancel),
  ])
  const head = [
    'run',
    'model requests a turn',
    'wasted tokens a turn',
    'model cancelled',
    'speech cancelled',
    'unheard bytes a turn',
    'bytes after cancel',
  ]
  return markdownTable(head, rows)
}

function lossTable(results: ResultsFile): string {
  const names = ['uplink', 'pause', 'reaction', 'chunk', 'downlink', 'endpoint', 'release']
  const rows = measured(results).map((run) => [run.id, ...names.map((name) => of(run, `loss.${name}`))])
  return markdownTable(['run', ...names], rows)
}
