import { expect, test } from 'vitest'
import { systemClock } from './system-clock.ts'

test('a timer never fires before its time, however busy the thread was when it was set', async () => {
  const early: number[] = []
  for (let round = 0; round < 8; round += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(() => {
        const busyUntilMs = systemClock.nowMs() + 8
        while (systemClock.nowMs() < busyUntilMs);
        const atMs = systemClock.nowMs() + 10
        systemClock.setTimer(atMs, () => {
          if (systemClock.nowMs() < atMs) early.push(atMs - systemClock.nowMs())
          resolve()
        })
      })
    })
  }
  expect(early).toEqual([])
})

test('a disposed timer stays silent', async () => {
  let fired = false
  const timer = systemClock.setTimer(systemClock.nowMs() + 5, () => {
    fired = true
  })
  timer[Symbol.dispose]()
  await new Promise<void>((resolve) => systemClock.setTimer(systemClock.nowMs() + 20, resolve))
  expect(fired).toBe(false)
})
