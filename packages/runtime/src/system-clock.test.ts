import { expect, test } from 'vitest'
import { systemClock } from './system-clock.ts'

test('a timer never fires before its instant', async () => {
  const early = await Promise.all(
    Array.from({ length: 500 }, (_, index) => {
      const atMs = systemClock.nowMs() + 5 + index / 7
      return new Promise<boolean>((resolve) => systemClock.setTimer(atMs, () => resolve(systemClock.nowMs() < atMs)))
    }),
  )
  expect(early.filter(Boolean)).toEqual([])
})

test('a timer that is disposed does not fire, and one of the past fires, but not at once', async () => {
  const fired: string[] = []
  const past = new Promise<void>((resolve) => {
    systemClock.setTimer(systemClock.nowMs() - 100, () => {
      fired.push('past')
      resolve()
    })
  })
  systemClock.setTimer(systemClock.nowMs() + 1, () => fired.push('disposed'))[Symbol.dispose]()
  expect(fired).toEqual([])
  await past
  await new Promise<void>((resolve) => systemClock.setTimer(systemClock.nowMs() + 20, resolve))
  expect(fired).toEqual(['past'])
})
