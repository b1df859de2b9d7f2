import type { TurnPolicy } from '@parley/core'
import type { TurnCommand, TurnEvent, TurnTimer } from '../src/turn/events.ts'
import { initialTurnState, type TurnRules, type TurnState } from '../src/turn/state.ts'
import { step } from '../src/turn/turn.ts'
import { policy, spec } from './stage.ts'

/** An event without its instant. */
export type Told = TurnEvent extends infer Event ? (Event extends TurnEvent ? Omit<Event, 'atMs'> : never) : never

export interface Logged {
  readonly atMs: number
  readonly command: TurnCommand
}

/** Runs the reducer in virtual time: timers fire when their time comes, commands are only written down. */
export class TurnBench {
  state: TurnState = initialTurnState()
  nowMs = 0
  readonly log: Logged[] = []
  readonly rules: TurnRules
  onStep: ((before: TurnState, event: TurnEvent, commands: readonly TurnCommand[]) => void) | undefined

  constructor(rules: Partial<Omit<TurnRules, 'turn'>> = {}, turn: Partial<TurnPolicy> = {}) {
    this.rules = { ...spec, ...rules, turn: { ...policy, ...turn } }
  }

  tell(told: Told): readonly TurnCommand[] {
    const event: TurnEvent = { ...told, atMs: this.nowMs }
    const before = this.state
    const [state, commands] = step(before, event, this.rules)
    this.state = state
    for (const command of commands) this.log.push({ atMs: this.nowMs, command })
    this.onStep?.(before, event, commands)
    return commands
  }

  /** The talk begins now. */
  answer(): this {
    this.tell({ type: 'answered' })
    return this
  }

  /** The user sounds for `ms`; then the partial and the final come, unless `text` is null. */
  speak(text: string | null, ms = 1000): void {
    this.startVoice()
    this.pass(ms)
    this.stopVoice()
    if (text === null) return
    this.transcribe('partial', text)
    this.transcribe('final', text)
  }

  startVoice(): void {
    this.onsetMs = this.nowMs
    this.tell({ type: 'speech.started', onsetAtMs: this.nowMs, mediaMs: this.nowMs })
  }

  stopVoice(): void {
    this.tell({ type: 'speech.stopped', lastVoiceAtMs: this.nowMs, mediaMs: this.nowMs })
  }

  transcribe(kind: 'partial' | 'final', text: string): void {
    const fromMs = this.onsetMs
    this.tell({ type: 'transcript', kind, text, fromMs, toMs: Math.max(fromMs + 1, this.nowMs) })
  }

  /** The reply in preparation gets its audio; if it is committed it is heard. */
  deliver(): number {
    const { work } = this.state
    if (!work) throw new Error('no reply in preparation')
    const { generation } = work
    this.tell({ type: 'reply.ready', generation })
    if (work.committed) {
      this.tell({ type: 'reply.audible', generation })
      this.tell({ type: 'playout.started', generation, firstPacketAtMs: this.nowMs })
    }
    return generation
  }

  /** What the assistant is saying has been heard up to here. */
  progress(heard: string): void {
    const { speech } = this.state
    if (!speech) throw new Error('nothing is being said')
    const playedSamples = speech.playedSamples + 800
    this.tell({ type: 'playout.progress', generation: speech.generation, playedSamples, heard })
  }

  finish(heard = 'Done.'): void {
    const { speech } = this.state
    if (!speech) throw new Error('nothing is being said')
    this.tell({ type: 'playout.finished', generation: speech.generation, heard })
  }

  /** A turn up to the audible reply. */
  converse(text = 'I want to cancel'): void {
    this.speak(text)
    this.pass(500)
    this.deliver()
    this.fresh()
  }

  /** Lets time pass, firing what falls due. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms
    for (;;) {
      const due = this.timers().find(([, atMs]) => atMs <= untilMs)
      if (!due) break
      this.nowMs = due[1]
      this.tell({ type: 'timer.fired', timer: due[0] })
    }
    this.nowMs = untilMs
  }

  timers(): [TurnTimer, number][] {
    return (Object.entries(this.state.timers) as [TurnTimer, number][]).sort((a, b) => a[1] - b[1])
  }

  /** Everything commanded so far but timers and looks at the playout, in short: `type generation`. */
  commands(): string[] {
    return this.log
      .map(({ command }) => command)
      .filter(({ type }) => !type.startsWith('timer.') && type !== 'playout.check')
      .map((command) => {
        if (command.type === 'say') return `say ${command.source} ${command.generation}`
        if (command.type === 'history.user') return `user: ${command.text}`
        if (command.type === 'call.end') return `end ${command.end.kind}`
        if (command.type === 'playout.duck') return `duck ${command.gainDb}`
        if (command.type === 'turn.complete') return `turn ${command.timings.turn} complete`
        if (command.type === 'provider.failed') return `failed ${command.stage} ${command.code}`
        return 'generation' in command ? `${command.type} ${command.generation}` : command.type
      })
  }

  /** The commands since the last call of `fresh`. */
  fresh(): string[] {
    const all = this.commands()
    const news = all.slice(this.read)
    this.read = all.length
    return news
  }
  private read = 0
  private onsetMs = 0
}
