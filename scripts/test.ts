import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  describeFailure,
  type Failure,
  filesToRepeat,
  readTestReport,
  type TestReport,
  unsteadyTests,
} from './test-report.ts'

/** Checks that are not tests; each counts as one. */
const checks: readonly (readonly [name: string, command: readonly string[]])[] = [
  ['format and lint', ['biome', 'check', '.']],
  ['types', ['tsc', '-p', 'tsconfig.json']],
  ['house rules', ['node', '--conditions=development', 'scripts/check-house.ts']],
  ['unused code', ['knip']],
  ['production build', ['npx', '-y', 'pnpm@12.21.0', 'run', 'build']],
]

/** Whole calls whose tests ask when something happens: one file at a time, on a machine that does nothing else. */
const hurried = [
  'ambience',
  'before-the-answer',
  'compliance-tone',
  'history',
  'latency',
  'many-calls',
  'recording',
  'transcript',
].map((name) => `apps/all-in-one/test/${name}.test.ts`)

/** All others ask what happens, and run side by side. */
const suites: readonly (readonly string[])[] = [
  ['packages', 'apps/callee', 'apps/parley-trunk', 'bench', 'scripts'],
  ['apps/all-in-one', 'apps/cli', '--maxWorkers=2', ...hurried.map((path) => `--exclude=${path}`)],
  [...hurried, '--no-file-parallelism'],
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

/** More broken files than this are no accident of a busy machine, and not repeated. */
const mostToRepeat = 5

interface Count {
  passed: number
  skipped: number
  /** One line each. */
  readonly failed: string[]
}

async function main(): Promise<void> {
  const count: Count = { passed: 0, skipped: 0, failed: [] }
  const filters = process.argv.slice(2)
  if (filters.length === 0) {
    for (const [name, command] of checks) note(count, name, (await run(command)) === 0)
  }
  const unsteady = await runSuites(filters.length > 0 ? [filters] : suites, count)
  if (filters.length === 0) for (const [name, args] of benches) await runBench(name, args, count)
  for (const line of unsteady) console.log(`PASSED ONLY WHEN RUN AGAIN, ALONE: ${line}`)
  for (const line of count.failed) console.log(`FAILED: ${line}`)
  const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
  console.log(`${count.passed} passed, ${count.failed.length} failed${skipped}`)
  process.exitCode = count.failed.length > 0 || count.passed === 0 ? 1 : 0
}

function note(count: Count, name: string, ok: boolean, remark = ''): void {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${remark}`)
  if (ok) count.passed += 1
  else count.failed.push(name)
}

/**
 * Whole calls with foreign telephones happen in real time, and a machine that stands still fails them: a few files that
 * failed are run once more, one at a time.
 *
 * @returns what failed first and passed then, a line each
 */
async function runSuites(rows: readonly (readonly string[])[], count: Count): Promise<readonly string[]> {
  const failures: Failure[] = []
  for (const row of rows) {
    const report = await runTests(row)
    count.passed += report.passed
    count.skipped += report.skipped
    failures.push(...report.failures)
  }
  const files = filesToRepeat(failures, mostToRepeat)
  if (!files) {
    count.failed.push(...failures.map(describeFailure))
    return []
  }
  const again = await runTests([...files, '--no-file-parallelism'])
  const unsteady = unsteadyTests(failures, again.failures)
  count.passed += unsteady.length
  count.failed.push(...again.failures.map(describeFailure))
  return unsteady.map(describeFailure)
}

/** One check: a gate that failed fails it; a machine that was too noisy to tell does not, but is not to be overlooked. */
async function runBench(name: string, args: readonly string[], count: Count): Promise<void> {
  const exit = await run(['node', '--conditions=development', 'bench/run.ts', ...args])
  const remark = exit === inconclusive ? ': INCONCLUSIVE, THE MACHINE WAS TOO NOISY' : ''
  note(count, name, exit === 0 || exit === inconclusive, remark)
}

async function runTests(filters: readonly string[]): Promise<TestReport> {
  const directory = mkdtempSync(join(tmpdir(), 'parley-test-'))
  const path = join(directory, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`]
  const exit = await run(['vitest', 'run', ...reporters, ...filters])
  try {
    return readTestReport(existsSync(path) ? readFileSync(path, 'utf8') : undefined, exit, process.cwd())
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
