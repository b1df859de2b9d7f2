import { type ChatModel, type ErrorCode, VoiceError, waitUntil } from '@parley/core'
import { VirtualClock } from '@parley/testkit'
import { expect, test } from 'vitest'
import { readReply } from '../../test/read-reply.ts'
import { withRetry } from './with-retry.ts'
import { withTimeout } from './with-timeout.ts'

type Step = { readonly afterMs?: number; readonly say?: string; readonly fail?: ErrorCode }

/** A model that follows one list of steps per request; the last list is used for all further requests. */
function scripted(clock: VirtualClock, ...requests: readonly (readonly Step[])[]) {
  const seen: string[] = []
  const model: ChatModel = {
    name: 'scripted',
    async *reply(_messages, options, signal) {
      seen.push(options.requestId)
      for (const step of requests[Math.min(seen.length, requests.length) - 1] ?? []) {
        if (step.afterMs) await waitUntil(clock, clock.nowMs() + step.afterMs, signal)
        if (step.fail) throw new VoiceError(step.fail)
        if (step.say) yield { type: 'text', text: step.say }
      }
    },
  }
  return { model, seen }
}

test('a slow first delta in time, then slow but steady ones, pass', async () => {
  const clock = new VirtualClock()
  const { model } = scripted(clock, [
    { afterMs: 900, say: 'a' },
    { afterMs: 400, say: 'b' },
    { afterMs: 400, say: 'c' },
  ])
  const { heard, ended } = readReply(withTimeout(model, clock, { firstDeltaMs: 1000, idleMs: 500 }))
  await clock.advance(2000)
  expect(await ended).toBe('complete')
  expect(heard).toEqual(['a', 'b', 'c'])
  expect(clock.pendingTimers).toBe(0)
})

test.each([
  ['the first delta', [{ afterMs: 1001, say: 'late' }], []],
  ['the next delta', [{ say: 'a' }, { afterMs: 501, say: 'late' }], ['a']],
  ['the end', [{ say: 'a' }, { afterMs: 501 }], ['a']],
] as const)('waiting too long for %s is LLM_TIMEOUT and cancels the request', async (_name, steps, words) => {
  const clock = new VirtualClock()
  const { model } = scripted(clock, steps)
  const { heard, ended } = readReply(withTimeout(model, clock, { firstDeltaMs: 1000, idleMs: 500 }))
  await clock.advance(2000)
  expect(await ended).toBe('LLM_TIMEOUT')
  expect(heard).toEqual(words)
})

test('a reader that takes its time does not time out', async () => {
  const clock = new VirtualClock()
  const { model } = scripted(clock, [{ say: 'a' }, { say: 'b' }])
  const limited = withTimeout(model, clock, { firstDeltaMs: 100, idleMs: 100 })
  const heard: string[] = []
  for await (const delta of limited.reply([], { tools: [], requestId: 'r' }, new AbortController().signal)) {
    if (delta.type === 'text') heard.push(delta.text)
    await clock.advance(5000)
  }
  expect(heard).toEqual(['a', 'b'])
})

test.each([
  [
    'a retryable failure before the first delta is tried again',
    [[{ fail: 'LLM_UNAVAILABLE' }], [{ say: 'ok' }]],
    'complete',
    2,
  ],
  ['a final failure is not', [[{ fail: 'LLM_AUTH' }], [{ say: 'ok' }]], 'LLM_AUTH', 1],
  [
    'a failure after a delta is not',
    [[{ say: 'a' }, { fail: 'LLM_UNAVAILABLE' }], [{ say: 'ok' }]],
    'LLM_UNAVAILABLE',
    1,
  ],
  ['it ends after the given tries', [[{ fail: 'LLM_UNAVAILABLE' }]], 'LLM_UNAVAILABLE', 3],
] as const)('retry: %s', async (_name, requests, outcome, tries) => {
  const clock = new VirtualClock()
  const { model, seen } = scripted(clock, ...requests)
  const { ended } = readReply(withRetry(model, clock, { attempts: 3, pauseMs: 100 }))
  await clock.advance(300)
  expect(await ended).toBe(outcome)
  expect(seen).toEqual(Array(tries).fill('r'))
})

test('an abort during the pause ends the reply with its reason', async () => {
  const clock = new VirtualClock()
  const { model } = scripted(clock, [{ fail: 'LLM_UNAVAILABLE' }])
  const abort = new AbortController()
  const { ended } = readReply(withRetry(model, clock, { attempts: 3, pauseMs: 100 }), abort.signal)
  await clock.advance(50)
  const reason = new Error('over')
  abort.abort(reason)
  expect(await ended).toBe(reason)
  expect(clock.pendingTimers).toBe(0)
})
