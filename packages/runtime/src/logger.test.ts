import { Secret } from '@parley/core'
import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

function logged(personalData: boolean, fields: Record<string, unknown>): Record<string, unknown> {
  const lines: string[] = []
  createLogger({ level: 'info', personalData, write: (line) => lines.push(line) }).info('something happened', fields)
  return JSON.parse(lines[0] ?? '{}')
}

test('personal data is hidden unless the operator opts in', () => {
  expect(logged(false, { 'pii.callee': '+4930123' })['pii.callee']).toBe('[personal]')
  expect(logged(true, { 'pii.callee': '+4930123' })['pii.callee']).toBe('+4930123')
})

test('credentials never appear, opted in or not', () => {
  const line = logged(true, { apiKey: 'sk-1', key: new Secret('sk-2'), nested: { secret: new Secret('sk-3') } })
  expect(JSON.stringify(line)).not.toMatch(/sk-/)
})

test('an error is written with its code and without what it carries besides', () => {
  const error = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', headers: { authorization: 'Bearer sk-1' } })
  const line = logged(true, { error })
  expect(line.error).toMatchObject({ code: 'ECONNREFUSED', message: 'refused' })
  expect(JSON.stringify(line)).not.toContain('sk-1')
})
