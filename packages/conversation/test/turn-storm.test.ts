import { generation } from '@parley/core'
import { SeededRandom } from '@parley/testkit'
import { expect, test } from 'vitest'
import type { TurnCommand, TurnEvent } from '../src/turn/events.ts'
import type { TurnRules, TurnState } from '../src/turn/state.ts'
import { userText } from '../src/turn/transcript.ts'
import { hasText } from '../src/turn/words.ts'
import { policy } from './stage.ts'
import { type Told, TurnBench } from './turn-bench.ts'

const storms = 3000
const eventsPerStorm = 60
const texts = [
  '',
  'yes',
  'mhm',
  'stop',
  'I want to',
  'I want to cancel',
  'twenty five',
  'what time is it',
  'no',
  '好的',
]

/** Random events, most of them plausible, some of dead generations, in random order and distance. */
function randomEvent(random: SeededRandom, state: TurnState): Told {
  const known = [state.work?.generation, state.speech?.generation, generation(random.between(1, state.generation + 1))]
  const chosen = random.pick(known) ?? generation(1)
  const request = {
    text: 'A message.',
    interrupt: random.next() < 0.5,
    endCallAfter: random.next() < 0.05,
    whenBusy: random.pick(['drop', 'queue'] as const),
    interruptible: random.next() < 0.7,
    remember: true,
  }
  const atMs = random.between(0, 100)
  const makers: readonly (() => Told)[] = [
    () => ({ type: 'speech.started', onsetAtMs: atMs, mediaMs: atMs }),
    () => ({ type: 'speech.suspected' }),
    () => ({ type: 'speech.stopped', lastVoiceAtMs: atMs, mediaMs: atMs }),
    () => ({ type: 'transcript', kind: 'partial', text: random.pick(texts), fromMs: 0, toMs: 0 }),
    () => ({ type: 'transcript', kind: 'final', text: random.pick(texts), fromMs: 0, toMs: 0 }),
    () => ({ type: 'reply.sentence', generation: chosen }),
    () => ({ type: 'reply.ready', generation: chosen }),
    () => ({ type: 'reply.audible', generation: chosen }),
    () => ({ type: 'reply.audible', generation: chosen }),
    () => ({ type: 'playout.started', generation: chosen, firstPacketAtMs: 0 }),
    () => ({ type: 'playout.progress', generation: chosen, playedSamples: random.between(0, 9000), heard: 'Shall I?' }),
    () => ({ type: 'playout.finished', generation: chosen, heard: random.pick(['Shall I?', 'Done.']) }),
    () => ({ type: 'control.say', request }),
    () => ({ type: 'control.ask', request: { text: 'Tell them.', interrupt: request.interrupt } }),
    () => ({ type: 'dtmf', key: '1' }),
    () => ({ type: 'transcript.turn', state: random.pick(['eager', 'resumed', 'confirmed'] as const) }),
    () => ({ type: 'endOfTurn.scored', probability: random.next() }),
    () => ({ type: 'playout.checked', generation: chosen, unplayedSamples: random.pick([0, 1600]) }),
    () => ({ type: 'reply.wasted', tokens: random.between(0, 200) }),
    () => ({ type: random.pick(['hold.started', 'hold.ended'] as const) }),
  ]
  const rare: readonly (() => Told)[] = [
    () => ({
      type: 'reply.failed',
      generation: chosen,
      stage: 'llm',
      code: 'LLM_UNAVAILABLE',
      audible: random.next() < 0.5,
    }),
    () => ({ type: 'reply.failed', generation: chosen, stage: 'tts', code: 'TTS_FAILED', audible: false }),
    () => ({ type: 'reply.empty', generation: chosen }),
    () => ({ type: 'tool.called', generation: chosen, tool: { kind: 'endCall', name: 'call_end', description: '' } }),
    () => ({ type: 'recognizer.failed', code: 'ASR_FAILED' }),
    () => ({ type: 'closed' }),
  ]
  return random.pick(random.next() < 0.03 ? rare : makers)()
}

/** Keeps what the rest of the world would do possible: only committed replies become audible, voices alternate. */
function plausible(told: Told, state: TurnState, nowMs: number): Told | undefined {
  if (told.type === 'speech.started')
    return state.user.voiced ? undefined : { ...told, onsetAtMs: nowMs - told.onsetAtMs }
  if (told.type === 'speech.stopped') {
    const lastVoiceAtMs = Math.max(state.user.onsetAtMs, nowMs - told.lastVoiceAtMs)
    return state.user.voiced ? { ...told, lastVoiceAtMs } : undefined
  }
  if ((told.type === 'reply.audible' || told.type === 'reply.empty') && state.work?.generation === told.generation) {
    return state.work.committed ? told : undefined
  }
  return told
}

/** Watches one storm. Throws with a sentence when an invariant breaks. */
class Watch {
  private readonly dead = new Set<number>()
  private readonly open = new Set<number>()
  private readonly timers = new Set<string>()
  private speaking: number | undefined
  private forced = false
  private ends = 0
  private paused = false

  see(before: TurnState, event: TurnEvent, after: TurnState, commands: readonly TurnCommand[]): void {
    if (event.type === 'timer.fired') this.timers.delete(event.timer)
    if (event.type === 'playout.finished' && event.generation === this.speaking) this.fallSilent(this.speaking)
    if (event.type === 'reply.empty' && event.generation === this.speaking) this.fallSilent(this.speaking)
    if (event.type === 'reply.failed' && !event.audible && event.generation === this.speaking)
      this.fallSilent(this.speaking)
    if (event.type === 'reply.audible' && before.work?.generation === event.generation) {
      this.takeFloor(event.generation)
      this.open.delete(event.generation)
    }
    if (event.type === 'timer.fired') this.timers.delete(event.timer)
    this.forced = after.life === 'over' || commands.some(({ type }) => type === 'provider.failed')
    for (const command of commands) this.seeCommand(command, before, event)
    if (before.life === 'over' && commands.length > 0) throw new Error('a command after the end')
    if (after.life === 'over' && this.timers.size > 0) throw new Error(`timers left: ${[...this.timers]}`)
    if (after.life === 'over' && this.open.size > 0) throw new Error('a reply left open')
    if (after.life === 'live' && this.paused !== (after.speech?.stance === 'paused')) throw new Error('lost the place')
    if (after.life === 'live' && this.speaking !== after.speech?.generation)
      throw new Error('the floor is not what was commanded')
  }

  private seeCommand(command: TurnCommand, before: TurnState, event: TurnEvent): void {
    if (this.ends > 0 && command.type !== 'timer.clear') throw new Error(`${command.type} after call.end`)
    switch (command.type) {
      case 'reply.speculate':
        if (this.open.size > 0) throw new Error('two replies in preparation')
        this.open.add(command.generation)
        break
      case 'reply.commit':
        if (this.dead.has(command.generation)) throw new Error('a dead reply is committed')
        if (this.speaking !== undefined) throw new Error('a reply is committed while another speech has the floor')
        break
      case 'reply.discard':
        this.open.delete(command.generation)
        this.dead.add(command.generation)
        break
      case 'say': {
        this.takeFloor(command.generation)
        if (command.source === 'silencePrompt' && event.type === 'timer.fired') {
          const { user, speech, work } = before
          if (user.voiced || speech || (work && !work.empty))
            throw new Error('a silence prompt while somebody is active')
        }
        break
      }
      case 'playout.flush':
        if (before.speech?.generation === command.generation && !before.speech.interruptible && !this.forced) {
          throw new Error('a protected utterance is flushed')
        }
        this.fallSilent(command.generation)
        break
      case 'playout.pause':
      case 'playout.resume':
        if (command.generation !== this.speaking) throw new Error(`${command.type} of what has not the floor`)
        if (command.type === 'playout.pause' && this.paused) throw new Error('paused twice')
        if (command.type === 'playout.pause' && before.speech && !before.speech.interruptible)
          throw new Error('a protected utterance is paused')
        this.paused = command.type === 'playout.pause'
        break
      case 'history.user':
        if (!hasText(command.text)) throw new Error('empty words in the history')
        break
      case 'timer.set':
        if (command.atMs <= event.atMs) throw new Error('a timer in the past')
        this.timers.add(command.timer)
        break
      case 'timer.clear':
        this.timers.delete(command.timer)
        break
      case 'call.end':
        this.ends += 1
        break
    }
  }

  private takeFloor(speech: number): void {
    if (this.speaking !== undefined) throw new Error('two speeches at once')
    if (this.dead.has(speech)) throw new Error('a dead generation speaks')
    this.paused = false
    this.speaking = speech
  }

  private fallSilent(speech: number): void {
    this.paused = false
    this.dead.add(speech)
    this.speaking = undefined
  }
}

function storm(seed: number): void {
  const random = new SeededRandom(seed)
  const rules: Partial<TurnRules> = {
    greeting: random.pick([{ kind: 'none' }, { kind: 'text', text: 'Hello.' }, { kind: 'generate' }] as const),
    greetingInterruptible: random.next() < 0.7,
    greetingDelayMs: random.pick([0, 500]),
    endOfTurnModel: random.next() < 0.3,
  }
  const bench = new TurnBench(rules, {
    bargeIn: { ...policy.bargeIn, speechMs: random.pick([null, 300, 500]) },
    filler: random.pick([null, { afterMs: 400, words: ['One moment.'] }]),
    speculation: { ...policy.speculation, inSpeech: random.next() < 0.5, maxPerTurn: random.pick([0, 1, 3]) },
    endpointing: {
      threshold: random.pick([0.5, 0.9, 1]),
      actionDelayMs: 200,
      timeoutMs: random.pick([240, 500, 1000]),
    },
    silencePrompt: random.pick([null, { afterMs: 2000, text: 'Hello?', maxCount: 2 }]),
    userSilenceLimitMs: random.pick([8000, 60_000]),
  })
  const watch = new Watch()
  bench.onStep = (before, event, commands) => watch.see(before, event, bench.state, commands)
  bench.nowMs = 1000
  bench.tell({ type: 'answered' })
  for (let count = 0; count < eventsPerStorm; count += 1) {
    bench.pass(random.pick([0, 5, 20, 60, 150, 300, 700]))
    const told = plausible(randomEvent(random, bench.state), bench.state, bench.nowMs)
    if (told) bench.tell(told)
  }
  calm(bench)
}

/** The user falls silent and the world does its work: the talk must come to rest, with every question answered. */
function calm(bench: TurnBench): void {
  bench.tell({ type: 'hold.ended' })
  if (bench.state.user.voiced) bench.tell({ type: 'speech.stopped', lastVoiceAtMs: bench.nowMs, mediaMs: 0 })
  for (let count = 0; count < 60; count += 1) {
    const { life, work, speech, user } = bench.state
    if (life === 'over') return
    if (
      !work &&
      !speech &&
      user.openedAtMs === null &&
      bench.state.queue.length === 0 &&
      bench.state.greetingDueAtMs === null
    )
      return
    if (work?.committed) bench.tell({ type: 'reply.audible', generation: work.generation })
    else if (speech) bench.tell({ type: 'playout.finished', generation: speech.generation, heard: 'Done.' })
    bench.pass(200)
  }
  const { user, work, speech } = bench.state
  throw new Error(`the talk does not come to rest: ${JSON.stringify({ text: userText(user), user, work, speech })}`)
}

test(`${storms} random talks keep every invariant`, () => {
  for (let seed = 1; seed <= storms; seed += 1) {
    try {
      storm(seed)
    } catch (error) {
      expect.fail(`seed ${seed}: ${error instanceof Error ? error.message : error}`)
    }
  }
})
