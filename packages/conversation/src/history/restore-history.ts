import type { CallEvent, ChatMessage, GreetingSpec } from '@parley/core'

export interface RestoredTalk {
  readonly messages: readonly ChatMessage[]
  /** Turns closed so far. */
  readonly turns: number
  /** Last generation given out in this process, so that late news of it is not taken for ours. Default 0. */
  readonly generation?: number
  /** What happened while nobody talked, in words for the model: it speaks first and knows of it. */
  readonly note?: string
  /** First words of an assistant that takes the talk over. Undefined: an open question is answered, else the user is heard. */
  readonly opening?: GreetingSpec
}

/** The talk of a call as its journal tells it: what a second worker needs to go on where the first one ended. */
export function restoreHistory(events: readonly CallEvent[]): RestoredTalk {
  const messages: ChatMessage[] = []
  let turns = 0
  // An utterance is journalled when it is over, what the user said before it when it began.
  for (const { body } of [...events].sort((a, b) => a.seq - b.seq)) {
    if (body.type === 'user.said') messages.push({ role: 'user', text: body.text })
    if (body.type === 'assistant.said' && body.remember && body.heard !== '') {
      messages.push({ role: 'assistant', text: body.heard })
    }
    if (body.type === 'user.said' || body.type === 'assistant.said') turns = Math.max(turns, body.turn)
  }
  return { messages, turns }
}
