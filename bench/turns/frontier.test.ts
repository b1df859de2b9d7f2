import { expect, test } from 'vitest'
import { frontierOf, pointsBeyond } from './frontier.ts'
import { rate } from './rate.ts'

const point = (latencyMs: number, cutIns: number) => ({
  threshold: 1,
  actionDelayMs: 0,
  timeoutMs: 0,
  latencyMs,
  cutIns,
})

test('only points that no other one beats are on the curve, and what lies between them is interpolated', () => {
  const { curve, latencyAt, cutInsAt } = frontierOf([point(300, 0.3), point(500, 0.1), point(600, 0.2), point(900, 0)])
  expect(curve.map(({ latencyMs }) => latencyMs)).toEqual([300, 500, 900])
  expect(latencyAt).toEqual({ cutIns5: 700, cutIns10: 500 })
  expect(cutInsAt.ms300).toBe(0.3)
  expect(cutInsAt.ms600).toBeCloseTo(0.075)
})

test('a curve that is never reached has no value there', () => {
  const { latencyAt, cutInsAt } = frontierOf([point(400, 0.3), point(500, 0.2)])
  expect(latencyAt).toEqual({ cutIns5: null, cutIns10: null })
  expect(cutInsAt.ms300).toBeNull()
})

test('one curve dominates another when it has no more cut-ins at any latency of it', () => {
  const better = frontierOf([point(300, 0.2), point(600, 0.05)])
  const worse = frontierOf([point(320, 0.3), point(600, 0.1)])
  expect(pointsBeyond(better, worse)).toEqual([])
  expect(pointsBeyond(worse, better)).toHaveLength(2)
})

test('a share of few has a wide interval that keeps its ends', () => {
  expect(rate(0, 20)).toMatchObject({ share: 0, ci: [0, expect.closeTo(0.161, 2)] })
  expect(rate(20, 20).ci[1]).toBe(1)
  expect(rate(0, 0).share).toBeNaN()
})
