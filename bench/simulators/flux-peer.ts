import type { RawData, WebSocket } from 'ws'
import { jittered } from './profile.ts'
import type { RecognizerSimulator } from './recognizer.ts'
import type { RecognitionRecord } from './request-log.ts'
import { ScriptFollower, type ScriptWord } from './script-follower.ts'

type FluxEvent = 'StartOfTurn' | 'Update' | 'EagerEndOfTurn' | 'TurnResumed' | 'EndOfTurn'

/** Silence after which a turn is thought to be over. Taste, in the range of what such services publish. */
const eagerAfterMs = 100
/** Silence after which it is known to be over. */
const endAfterMs = 300

const logged: Readonly<Record<FluxEvent, RecognitionRecord['event']>> = {
  StartOfTurn: 'partial',
  Update: 'partial',
  EagerEndOfTurn: 'eager',
  TurnResumed: 'resumed',
  EndOfTurn: 'confirmed',
}

/** `Int16` mono of a binary message, at any alignment. */
export function samplesOf(data: RawData): Int16Array {
  const bytes = Uint8Array.from(data as Buffer)
  return new Int16Array(bytes.buffer, 0, bytes.length >> 1)
}

/**
 * One call of a recogniser that tells turns: start, updates, probable end, resumption, end. Takes `linear16` at 8 kHz.
 *
 * @see Deepgram Flux, "Understanding the Flux State Machine" and the messages of `/v2/listen`
 */
export class FluxPeer {
  private readonly socket: WebSocket
  private readonly connection: number
  private readonly simulator: RecognizerSimulator
  private readonly follower: ScriptFollower
  private heard: ScriptWord[] = []
  private messages = 0
  private turns = 0
  private hasStarted = false
  private isEager = false

  constructor(socket: WebSocket, connection: number, simulator: RecognizerSimulator) {
    this.socket = socket
    this.connection = connection
    this.simulator = simulator
    this.follower = new ScriptFollower(connection, simulator.script)
  }

  start(): void {
    const { log } = this.simulator
    log.asr(this.connection, 'opened', 0)
    this.socket.on('message', (data, isBinary) => (isBinary ? this.audio(data) : this.control(String(data))))
    this.socket.on('close', () => log.asr(this.connection, 'closed', this.follower.turn))
    this.socket.on('error', () => {})
    this.send({ type: 'Connected' })
  }

  private audio(data: RawData): void {
    const { log } = this.simulator
    for (const event of this.follower.push(samplesOf(data))) {
      if (event.kind === 'onset') log.asr(this.connection, 'onset', event.turn)
      if (event.kind === 'word') this.hear(event.word)
      if (event.kind === 'resumed') this.resume()
    }
  }

  private hear(word: ScriptWord): void {
    const { log, profile, random } = this.simulator
    log.asr(this.connection, 'wordHeard', word.turn, word.text)
    const partialMs = jittered(profile().partialMs, profile(), random)
    setTimeout(
      () => this.tellWord(word),
      Math.round(word.isBeforeSilence ? Math.max(eagerAfterMs, partialMs) : partialMs),
    )
    if (word.isLast) setTimeout(() => this.end(), Math.round(Math.max(endAfterMs, partialMs)))
  }

  private tellWord(word: ScriptWord): void {
    this.heard.push(word)
    if (!this.hasStarted) this.tell('StartOfTurn')
    this.hasStarted = true
    // Words that change after the probable end take it back first.
    if (this.isEager) this.resume()
    this.tell(word.isBeforeSilence ? 'EagerEndOfTurn' : 'Update')
    this.isEager = word.isBeforeSilence
  }

  private resume(): void {
    if (this.isEager) this.tell('TurnResumed')
    this.isEager = false
  }

  private end(): void {
    this.tell('EndOfTurn')
    this.turns += 1
    this.heard = []
    this.hasStarted = false
    this.isEager = false
  }

  private control(text: string): void {
    const { type } = JSON.parse(text) as { type?: string }
    if (type !== 'CloseStream') return
    if (this.heard.length > 0) this.tell('Update')
    this.socket.close(1_000)
  }

  private tell(event: FluxEvent): void {
    const transcript = this.heard.map((word) => word.text).join(' ')
    this.simulator.log.asr(this.connection, logged[event], this.heard.at(-1)?.turn ?? this.follower.turn, transcript)
    const isEnd = event === 'EndOfTurn'
    this.send({
      type: 'TurnInfo',
      event,
      turn_index: this.turns,
      audio_window_start: 0,
      audio_window_end: this.follower.positionMs / 1_000,
      transcript,
      words: transcript.split(' ').map((word) => ({ word, confidence: 0.98 })),
      end_of_turn_confidence: isEnd ? 0.9 : event === 'EagerEndOfTurn' ? 0.6 : 0.1,
      ...(isEnd ? { trigger: 'model' } : {}),
    })
  }

  private send(message: object): void {
    if (this.socket.readyState !== this.socket.OPEN) return
    const request_id = String(this.connection)
    this.socket.send(JSON.stringify({ request_id, sequence_id: this.messages, ...message }))
    this.messages += 1
  }
}
