import type { ResultsFile, RunReport } from '../results-file.ts'
import { figure, markdownTable } from './markdown-table.ts'

/** Calls that come in: how soon they are answered, many at once, many in a row. */
export function sipSection({ runs }: ResultsFile): string {
  const of = (id: string) => runs.find((run) => run.id === id)
  const [short, engine, atOnce] = [of('short-gateway'), of('answer-engine'), of('at-once')]
  return [
    '## SIP',
    'Calls that come in over UDP on the loopback interface, from callers of another process. `gateway`: SIP alone, whose owner answers at once. `engine`: the whole engine, which opens media, recogniser and greeting for each call before it answers.',
    '### INVITE to 200',
    answers(runs),
    ...(atOnce ? ['### Calls up at once', pacing(atOnce)] : []),
    ...(short ? ['### Many short calls in a row', leftovers(short, engine)] : []),
  ].join('\n\n')
}

function answers(runs: readonly RunReport[]): string {
  const rows = runs.map(({ id, config, metrics, counts, n, clean }) => [
    id,
    `${figure(config.calls as number)} at ${figure(config.perS as number)}/s`,
    ...(['p50', 'p95', 'p99', 'max'] as const).map((name) => figure(metrics['all.answer']?.[name])),
    figure(metrics.answer?.p95),
    `${clean} of ${n}`,
    figure(counts.failedCalls),
  ])
  return markdownTable(['run', 'calls', 'p50', 'p95', 'p99', 'max', 'p95 clean', 'clean', 'failed'], rows)
}

function pacing({ config, metrics, counts }: RunReport): string {
  return [
    `${figure(config.calls as number)} calls with audio both ways for ${figure((config.heldMs as number) / 1_000)} s, as their callers saw it: ${figure(counts.packets)} packets, ${figure(counts.lost)} lost, ${figure(100 * (counts.missingShare ?? 0))} % fewer than one each 20 ms; the engine took ${figure(counts.cores)} cores, the callers ${figure(counts.coresOfCallers)}; the engine knows of ${figure(counts.sentLate)} packets that it sent more than a frame late. Between two packets of one call, ms:`,
    markdownTable(
      ['p50', 'p90', 'p95', 'p99', 'max'],
      [(['p50', 'p90', 'p95', 'p99', 'max'] as const).map((name) => figure(metrics.spacing?.[name]))],
    ),
  ].join('\n\n')
}

function leftovers({ config, counts }: RunReport, engine: RunReport | undefined): string {
  const { heapBeforeMb, heapBusyMb, heapAfterMb, leftFiles, leftTimers, leftCalls } = counts
  const ofEngine = engine
    ? ` The engine after ${figure(engine.config.calls as number)} calls with media: UDP sockets ${figure(engine.counts.leftUdpSockets)} more, files ${figure(engine.counts.leftFiles)} more, resident ${figure(engine.counts.rssBeforeMb)} MB before, ${figure(engine.counts.rssAfterMb)} MB after.`
    : ''
  return `${figure(config.calls as number)} calls, ${figure(counts.callsPerS)} a second, ${figure(counts.cpuMsPerCall)} ms of CPU each. 34 s later, when the last transaction is forgotten: heap ${figure(heapAfterMb)} MB (${figure(heapBeforeMb)} before, ${figure(heapBusyMb)} at the end of the calls), open files ${figure(leftFiles)} more, timers ${figure(leftTimers)} more, calls ${figure(leftCalls)}.${ofEngine}`
}
