import { toVoiceError } from '@parley/core'
import { expect, test } from 'vitest'
import { startProblem } from './start-problem.ts'

const settings = { PARLEY_HTTP_PORT: 8080, PARLEY_SIP_PORT: 5060, DATABASE_URL: 'postgres://db/parley' }
const systemError = (facts: object, message = 'no') => Object.assign(new Error(message), facts)

test.for([
  [{ code: 'EADDRINUSE', port: 8080, syscall: 'listen' }, /^port 8080 is in use .* PARLEY_HTTP_PORT$/],
  [{ code: 'EADDRINUSE', port: 5060, syscall: 'bind' }, /^port 5060 is in use .* PARLEY_SIP_PORT$/],
  [{ code: 'EACCES', port: 80, syscall: 'listen' }, /port 80; ports below 1024 need root/],
  [{ code: 'EADDRNOTAVAIL' }, /PARLEY_BIND_HOST/],
  [{ code: 'ENOTDIR', path: '/etc/hosts/x' }, /PARLEY_DATA_DIR/],
  [{ code: '3D000' }, /DATABASE_URL/],
] as const)('%o is told with the setting that mends it', ([facts, sentence]) => {
  expect(startProblem(systemError(facts), settings)).toMatch(sentence)
})

test('the cause below a failure of the store is what counts', () => {
  const refused = systemError({ code: 'ECONNREFUSED', syscall: 'connect' }, 'connect ECONNREFUSED 127.0.0.1:9')
  expect(startProblem(toVoiceError(refused, 'STORE_FAILED'), settings)).toBe(
    'the database does not take us in (connect ECONNREFUSED 127.0.0.1:9); check DATABASE_URL',
  )
  const slow = toVoiceError(new Error('timeout expired'), 'STORE_FAILED')
  expect(startProblem(slow, settings)).toContain('(timeout expired); check DATABASE_URL')
  expect(startProblem(slow, { ...settings, DATABASE_URL: '' })).toBeUndefined()
})

test('what nobody foresaw has no sentence', () => {
  expect(startProblem(new TypeError('x is not a function'), settings)).toBeUndefined()
})
