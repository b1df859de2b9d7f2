import type { TurnTimings } from '@parley/core'
import type { Draft, Speech, TurnInstants, Work } from './state.ts'

/** A turn the user did not start. */
export const noInstants: TurnInstants = {
  userStoppedAtMs: null,
  speculatedAtMs: null,
  finalAtMs: null,
  endpointAtMs: null,
  discarded: 0,
}

/** The instants of the open turn, as the reply to it becomes audible or is given up. */
export function instantsOf(draft: Draft, work: Work): TurnInstants {
  const { user } = draft.state
  if (work.prompt.kind !== 'user') return { ...noInstants, endpointAtMs: work.grantedAtMs }
  return {
    userStoppedAtMs: user.lastVoiceAtMs,
    speculatedAtMs: user.speculatedAtMs,
    finalAtMs: user.finalAtMs,
    endpointAtMs: work.grantedAtMs,
    discarded: user.discarded,
  }
}

/** Tells the timings of a reply, or of the greeting; other speech belongs to no turn. */
export function reportTurn(draft: Draft, speech: Speech, interruptedAtMs: number | null): void {
  if (speech.source !== 'reply' && speech.source !== 'greeting') return
  const { firstPacketAtMs, instants } = speech
  const timings: TurnTimings = {
    ...timingsOf(speech, instants),
    ...(firstPacketAtMs !== null && { firstPacketAtMs }),
    ...(interruptedAtMs !== null && { interruptedAtMs }),
  }
  draft.commands.push({ type: 'turn.complete', timings })
}

export function timingsOf(
  { turn, generation }: Pick<Speech, 'turn' | 'generation'>,
  instants: TurnInstants,
): TurnTimings {
  const { userStoppedAtMs, speculatedAtMs, finalAtMs, endpointAtMs, discarded } = instants
  return {
    turn,
    generation,
    discarded,
    ...(userStoppedAtMs !== null && { userStoppedAtMs }),
    ...(speculatedAtMs !== null && { speculatedAtMs }),
    ...(finalAtMs !== null && { transcriptFinalAtMs: finalAtMs }),
    ...(endpointAtMs !== null && { endpointAtMs }),
  }
}
