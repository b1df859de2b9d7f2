import { expect, test } from 'vitest'
import { describeFailure, filesToRepeat, readTestReport, unsteadyTests } from './test-report.ts'

const root = '/parley'

const report = (...testResults: unknown[]) =>
  JSON.stringify({ numPassedTests: 3, numPendingTests: 1, numTodoTests: 1, testResults })

const failing = {
  name: 'a.test.ts',
  status: 'failed',
  assertionResults: [
    { fullName: 'it holds', status: 'passed' },
    { fullName: 'it answers', status: 'failed', failureMessages: ['Error: no answer\n    at line 3'] },
    { fullName: 'it ends', status: 'failed', failureMessages: [] },
  ],
}
const broken = { name: 'b.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] }

test('each failed test is named with the first line of what it said', () => {
  const { passed, skipped, failures } = readTestReport(report(failing), 1, root)
  expect({ passed, skipped }).toEqual({ passed: 3, skipped: 2 })
  expect(failures.map(describeFailure)).toEqual(['a.test.ts > it answers > Error: no answer', 'a.test.ts > it ends'])
})

test('a file that could not be loaded is a failure', () => {
  expect(readTestReport(report(broken), 1, root).failures).toEqual([
    { file: 'b.test.ts', test: '', said: 'Cannot find module' },
  ])
})

test.each([
  ['that died', undefined, 137],
  ['that ended badly after tests that all passed', report(), 1],
])('a runner %s is a failure', (_how, text, exit) => {
  expect(readTestReport(text, exit, root).failures.map(describeFailure)).toEqual([`the test runner ended with ${exit}`])
})

test('files are named from the root of the repository on', () => {
  const { failures } = readTestReport(report({ ...broken, name: `${root}/b.test.ts` }), 1, root)
  expect(failures.map(({ file }) => file)).toEqual(['b.test.ts'])
})

test('a run without failures has none', () => {
  expect(readTestReport(report({ ...failing, status: 'passed', assertionResults: [] }), 0, root).failures).toEqual([])
})

test('few files that failed are repeated, each once', () => {
  const { failures } = readTestReport(report(failing, broken), 1, root)
  expect(filesToRepeat(failures, 2)).toEqual(['a.test.ts', 'b.test.ts'])
})

test('many failures are no accident, and a dead runner is nothing to repeat', () => {
  const { failures } = readTestReport(report(failing, broken), 1, root)
  expect(filesToRepeat(failures, 1)).toBeUndefined()
  expect(filesToRepeat([], 5)).toBeUndefined()
  expect(filesToRepeat(readTestReport(undefined, 1, root).failures, 5)).toBeUndefined()
})

const failure = (file: string, test: string) => ({ file, test, said: '' })

test.each([
  ['passes', [], true],
  ['fails again', [failure('a', 'it answers')], false],
  ['is in a file that can no longer be loaded', [failure('a', '')], false],
  ['is in a run that died', [failure('', '')], false],
  ['passes while another of its file fails', [failure('a', 'it ends')], true],
  ['passes while one of that name fails elsewhere', [failure('b', 'it answers')], true],
])('a failed test that %s in the second run', (_how, second, isUnsteady) => {
  expect(unsteadyTests([failure('a', 'it answers')], second)).toHaveLength(isUnsteady ? 1 : 0)
})

test('a file that could not be loaded and then has a failing test has not passed', () => {
  expect(unsteadyTests([failure('a', '')], [failure('a', 'it ends')])).toEqual([])
})
