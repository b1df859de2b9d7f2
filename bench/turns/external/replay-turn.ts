import { initialTurnState, step, type TurnEvent, type TurnRules } from '@parley/conversation/turn'
import { generation } from '@parley/core'
import { TimerModel } from '../virtual/timer-model.ts'
import { VirtualTime } from '../virtual/virtual-time.ts'
import type { ExternalTurn } from './external-set.ts'
import type { VoiceStretch } from './level-detector.ts'

/** Words come this much after they are over (`D_p` of the reference delays). */
const partialMs = 120
const patienceMs = 10_000
/** The talk begins with what the other side asked, this long before the audio. */
const leadMs = 1_000

type Told = TurnEvent extends infer Event ? (Event extends TurnEvent ? Omit<Event, 'atMs'> : never) : never

/**
 * Plays one turn to the reducer, each thing when it could first be known, and returns when it held the turn to be over,
 * ms of the audio. A set without words gets one word a stretch that says nothing about the end. Null: never.
 */
export function replayTurn(turn: ExternalTurn, voice: readonly VoiceStretch[], rules: TurnRules): number | null {
  const time = new VirtualTime()
  let state = initialTurnState()
  let endpointMs: number | null = null
  const tell = (told: Told): void => {
    const [next, commands] = step(state, { ...told, atMs: time.nowMs } as TurnEvent, rules)
    state = next
    for (const command of commands) {
      if (command.type === 'timer.set') timers.set(command.timer, command.atMs)
      if (command.type === 'timer.clear') timers.clear(command.timer)
      if (command.type === 'reply.commit') endpointMs ??= time.nowMs - leadMs
      if (command.type === 'say') greet(command.generation)
    }
  }
  const greet = (id: number): void => {
    time.at(time.nowMs, () => {
      tell({ type: 'playout.started', generation: generation(id), firstPacketAtMs: time.nowMs })
      tell({ type: 'playout.finished', generation: generation(id), heard: turn.context })
    })
  }
  const timers = new TimerModel(time, (timer) => tell({ type: 'timer.fired', timer }))
  time.at(0, () => tell({ type: 'answered' }))
  for (const { onsetMs, endMs, startedMs, stoppedMs } of voice) {
    const onset = onsetMs + leadMs
    time.at(startedMs + leadMs, () => tell({ type: 'speech.started', onsetAtMs: onset, mediaMs: onset }))
    const end = endMs + leadMs
    time.at(stoppedMs + leadMs, () => tell({ type: 'speech.stopped', lastVoiceAtMs: end, mediaMs: end }))
  }
  for (const { atMs, text, fromMs } of transcripts(turn, voice)) {
    const toMs = atMs - partialMs + leadMs
    time.at(atMs + leadMs, () => tell({ type: 'transcript', kind: 'partial', text, fromMs: fromMs + leadMs, toMs }))
  }
  time.run((turn.silencesMs.at(-1)?.[0] ?? 0) + leadMs + patienceMs, () => endpointMs !== null)
  return endpointMs
}

/** What is known of the words at each instant at which more is known. */
function transcripts({ words }: ExternalTurn, voice: readonly VoiceStretch[]) {
  const fromMs = voice[0]?.onsetMs ?? 0
  const known = words.length > 0 ? words : voice.map(({ endMs }) => ({ text: 'something', endMs }))
  return known.map(({ endMs }, index) => ({
    atMs: endMs + partialMs,
    text: known
      .slice(0, index + 1)
      .map(({ text }) => text)
      .join(' '),
    fromMs,
  }))
}
