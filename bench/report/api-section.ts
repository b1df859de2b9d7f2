import type { ResultsFile, RunReport } from '../results-file.ts'
import { figure, markdownTable } from './markdown-table.ts'

/** Reads with many calls on record, and calls accepted. */
export function apiSection({ runs }: ResultsFile): string {
  const creations = runs.find(({ id }) => id === 'creations')
  const reads = runs.filter(({ id }) => id !== 'creations')
  const calls = figure(reads[0]?.config.calls as number)
  return [
    '## API',
    `Signed requests over HTTP on the loopback interface, the API in one process over PostgreSQL with ${calls} calls of 85 days on record. \`echo\`: a bare Fastify in the same process, asked after each of them.`,
    '### Reads, ms',
    markdownTable(['request', 'p50', 'p95', 'p99', 'max', 'p50 over echo', 'clean'], reads.map(readRow)),
    ...(creations ? ['### CreateAICall', accepted(creations)] : []),
  ].join('\n\n')
}

function readRow({ id, metrics, counts, n, clean }: RunReport): readonly string[] {
  const times = (['p50', 'p95', 'p99', 'max'] as const).map((name) => figure(metrics.time?.[name]))
  return [id, ...times, figure(counts.ratioP50), `${clean} of ${n}`]
}

function accepted({ counts, machine }: RunReport): string {
  return [
    'Accepted: signature and fields checked, queued, given a line, marked as dialled; ended a second later. 32 requests at a time.',
    markdownTable(
      [
        'a second',
        'for a second of CPU of the process',
        'CPU ms each',
        'CPU ms of PostgreSQL each',
        'echoes a second',
        'CPU over that of an echo',
      ],
      [
        ['acceptedPerS', 'acceptedPerCpuS', 'apiCpuMs', 'databaseCpuMs', 'echoPerS', 'cpuRatio'].map((name) =>
          figure(counts[name]),
        ),
      ],
    ),
    `The process, PostgreSQL and the client that signs share ${machine.cores} cores.`,
  ].join('\n\n')
}
