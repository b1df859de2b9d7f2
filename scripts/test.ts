import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Checks that are not tests; each counts as one. */
const checks: readonly (readonly [name: string, command: readonly string[]])[] = [
  ['format and lint', ['biome', 'check', '.']],
  ['types', ['tsc', '-p', 'tsconfig.json']],
  ['house rules', ['node', '--conditions=development', 'scripts/check-house.ts']],
  ['unused code', ['knip']],
  ['production build', ['npx', '-y', 'pnpm@12.21.0', 'run', 'build']],
]

/** Whole calls, and processes, whose tests ask what happens and not when: two files at a time. */
const unhurried = [
  'apps/cli',
  ...[
    'after-call',
    'call-in',
    'campaign',
    'database-away',
    'demo',
    'isolation',
    'kept-recordings',
    'killed',
    'live-receivers',
    'made-webhooks',
    'management',
    'observability',
    'outcomes',
    'own-recognizer',
    'private-call',
    'process',
    'push-trouble',
    'sdk-actions',
    'tenants',
    'trunk-trouble',
    'unwanted-requests',
    'webhooks',
  ].map((name) => `apps/all-in-one/test/${name}.test.ts`),
]

/**
 * Tests of rooms run side by side; whole calls, which happen in real time, run one file at a time on a machine that is
 * not busy with anything else.
 */
const suites: readonly (readonly string[])[] = [
  ['packages', 'apps/callee', 'apps/parley-trunk', 'bench', 'scripts'],
  [...unhurried, '--maxWorkers=2'],
  ['apps/all-in-one', '--no-file-parallelism', ...unhurried.map((path) => `--exclude=${path}`)],
]

/** Measured when nothing else runs: real time on this machine. */
const benches: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['turn-taking bench', ['turns', '--quick']],
  ['latency bench', ['latency', '--quick']],
  ['API bench', ['api', '--quick']],
  ['SIP bench', ['sip', '--quick']],
]
/** Exit code of a bench that could not tell. */
const inconclusive = 3

interface Count {
  passed: number
  failed: number
  skipped: number
}

async function main(): Promise<void> {
  const count: Count = { passed: 0, failed: 0, skipped: 0 }
  const filters = process.argv.slice(2)
  if (filters.length === 0) {
    for (const [name, command] of checks) {
      const ok = (await run(command)) === 0
      console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`)
      count[ok ? 'passed' : 'failed'] += 1
    }
  }
  for (const suite of filters.length > 0 ? [filters] : suites) await runTests(suite, count)
  if (filters.length === 0) for (const [name, args] of benches) await runBench(name, args, count)
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
  console.log(`${count.passed} passed, ${count.failed} failed${skipped}`)
  process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0
}

/** One check: a gate that failed fails it; a machine that was too noisy to tell does not, but is not to be overlooked. */
async function runBench(name: string, args: readonly string[], count: Count): Promise<void> {
  const exit = await run(['node', '--conditions=development', 'bench/run.ts', ...args])
  const ok = exit === 0 || exit === inconclusive
  console.log(
    `${ok ? 'ok  ' : 'FAIL'} ${name}${exit === inconclusive ? ': INCONCLUSIVE, THE MACHINE WAS TOO NOISY' : ''}`,
  )
  count[ok ? 'passed' : 'failed'] += 1
}

async function runTests(filters: readonly string[], count: Count): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'parley-test-'))
  const report = join(directory, 'report.json')
  const exit = await run([
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...filters,
  ])
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'))
    count.passed += result.numPassedTests
    count.failed += result.numFailedTests
    count.skipped += result.numPendingTests + result.numTodoTests
    const broken = result.testResults.filter(
      (file: { status: string; assertionResults: unknown[] }) =>
        file.status === 'failed' && file.assertionResults.length === 0,
    )
    count.failed += broken.length
    if (exit !== 0 && result.numFailedTests + broken.length === 0) count.failed += 1
  } catch {
    // The runner died before it could write its report.
    count.failed += 1
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function run(command: readonly string[]): Promise<number> {
  const [program = '', ...rest] = command
  return new Promise((resolve) => {
    const child = spawn(program, rest, { stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`)
      resolve(1)
    })
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

await main()
