import { Secret } from '@parley/core'
import { expect, test } from 'vitest'
import type { MetricsAccess } from '../src/metrics-route.ts'
import { apiHouse } from './api-house.ts'

const metrics = { contentType: 'text/plain; version=0.0.4; charset=utf-8', render: async () => 'parley_calls_live 3\n' }
const houseWith = (access: MetricsAccess['access']) => apiHouse({ metrics: { ...metrics, access } }).api.server

test('open metrics are served in the text format', async () => {
  const answer = await houseWith('open').inject({ url: '/metrics' })
  expect([answer.statusCode, answer.body]).toEqual([200, 'parley_calls_live 3\n'])
  expect(answer.headers['content-type']).toBe(metrics.contentType)
})

test('metrics that are closed say which setting opens them', async () => {
  const answer = await houseWith('closed').inject({ url: '/metrics' })
  expect(answer.statusCode).toBe(403)
  expect(answer.body).toContain('PARLEY_METRICS_TOKEN')
})

test('with a token, only who shows it gets metrics', async () => {
  const server = houseWith(new Secret('let-me-in'))
  const status = async (authorization?: string) =>
    (await server.inject({ url: '/metrics', headers: authorization ? { authorization } : {} })).statusCode
  expect(await status()).toBe(401)
  expect(await status('Bearer wrong')).toBe(401)
  expect(await status('Basic let-me-in')).toBe(401)
  expect(await status('Bearer let-me-in')).toBe(200)
})

test('metrics that cannot be rendered are an error of this route alone', async () => {
  const render = () => Promise.reject(new Error('x'))
  const { api } = apiHouse({ metrics: { ...metrics, render, access: 'open' } })
  expect((await api.server.inject({ url: '/metrics' })).statusCode).toBe(500)
})
