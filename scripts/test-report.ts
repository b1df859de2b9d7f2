/** A test that failed, or a file that could not be run at all (`test` is empty then). */
export interface Failure {
  /** Path of the file, as the runner gave it. */
  readonly file: string
  readonly test: string
  /** The first line of what it said. */
  readonly said: string
}

/** What one run of the test runner came to. */
export interface TestReport {
  readonly passed: number
  readonly skipped: number
  readonly failures: readonly Failure[]
}

interface FileResult {
  readonly name: string
  readonly status: string
  readonly message?: string
  readonly assertionResults: readonly {
    readonly fullName: string
    readonly status: string
    readonly failureMessages?: readonly string[]
  }[]
}

/**
 * Reads the runner's JSON report. Files are named from `root` on.
 *
 * @param text of the report; undefined: the runner died before it wrote one
 * @param exit code of the runner: one that is not 0 is a failure even when no test was
 */
export function readTestReport(text: string | undefined, exit: number, root: string): TestReport {
  if (text === undefined) return { passed: 0, skipped: 0, failures: [runnerFailed(exit)] }
  const result = JSON.parse(text)
  const failures = (result.testResults as readonly FileResult[])
    .flatMap(failuresOf)
    .map((failure) => ({ ...failure, file: failure.file.replace(`${root}/`, '') }))
  if (exit !== 0 && failures.length === 0) failures.push(runnerFailed(exit))
  return { passed: result.numPassedTests, skipped: result.numPendingTests + result.numTodoTests, failures }
}

/** Files to be run again, each once; undefined: there is nothing to repeat, or too much to be an accident. */
export function filesToRepeat(failures: readonly Failure[], most: number): readonly string[] | undefined {
  const files = [...new Set(failures.map(({ file }) => file))]
  return files.length === 0 || files.length > most || files.includes('') ? undefined : files
}

/** Those of the first run that the second did not see again. A file that could not be loaded stands for all its tests. */
export function unsteadyTests(first: readonly Failure[], second: readonly Failure[]): readonly Failure[] {
  const again = (one: Failure) =>
    second.some(
      ({ file, test }) => file === '' || (file === one.file && (test === one.test || test === '' || one.test === '')),
    )
  return first.filter((failure) => !again(failure))
}

/** One line for each failure. */
export function describeFailure({ file, test, said }: Failure): string {
  return [file, test, said].filter((part) => part !== '').join(' > ')
}

function failuresOf({ name, status, message, assertionResults }: FileResult): Failure[] {
  const failed = assertionResults.filter((test) => test.status === 'failed')
  if (failed.length === 0 && status === 'failed') return [{ file: name, test: '', said: firstLine(message) }]
  return failed.map(({ fullName, failureMessages }) => ({
    file: name,
    test: fullName,
    said: firstLine(failureMessages?.[0]),
  }))
}

const runnerFailed = (exit: number): Failure => ({ file: '', test: '', said: `the test runner ended with ${exit}` })

const firstLine = (text: string | undefined): string => (text ?? '').trim().split('\n')[0] ?? ''
