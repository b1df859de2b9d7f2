import type { AskRequest, SayRequest } from '@parley/core'
import { cut, discard, say } from './floor.ts'
import type { Draft } from './state.ts'

/**
 * `ServerPushText`. While an uninterruptible message plays, every later one is ignored. `interrupt` cuts in;
 * otherwise a taken floor means drop or queue.
 */
export function takeSay(draft: Draft, request: SayRequest): void {
  const { state } = draft
  if (state.life !== 'live' || state.fatal || state.ending) return
  const { speech } = state
  if (speech && !speech.interruptible && speech.source === 'say') return
  if (request.text.trim() === '' && !request.audio) {
    if (request.endCallAfter && !speech) state.ending = { kind: 'sayEnded' }
    return
  }
  if (request.interrupt && (!speech || speech.interruptible)) {
    interrupt(draft)
    sayRequest(draft, request)
    return
  }
  const busy = speech || state.work || state.user.openedAtMs !== null || state.queue.length > 0
  if (!busy) sayRequest(draft, request)
  else if (request.whenBusy === 'queue' || request.interrupt) state.queue = [...state.queue, { kind: 'say', request }]
}

export function takeAsk(draft: Draft, request: AskRequest): void {
  const { state } = draft
  if (state.life !== 'live' || state.fatal || state.ending || request.text.trim() === '') return
  if (request.interrupt && (!state.speech || state.speech.interruptible)) interrupt(draft)
  state.queue = [...state.queue, { kind: 'ask', request }]
}

export function sayRequest(draft: Draft, request: SayRequest): void {
  say(draft, {
    source: 'say',
    text: request.text,
    ...(request.audio && { audio: request.audio }),
    interruptible: request.interruptible,
    remember: request.remember,
    ...(request.endCallAfter && { endAfter: { kind: 'sayEnded' } }),
  })
}

/** The operator cuts in. An unanswered question of the user stays open and is answered afterwards. */
function interrupt(draft: Draft): void {
  const { state } = draft
  if (state.work?.prompt.kind === 'greeting') state.greetingDueAtMs = null
  discard(draft)
  cut(draft)
  state.queue = []
}
