import { type IncomingMessage, Server } from 'node:http'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import type { SeededRandom } from '../seeded-random.ts'
import { FluxPeer, samplesOf } from './flux-peer.ts'
import { jittered, type Profile } from './profile.ts'
import type { RequestLog } from './request-log.ts'
import type { SimulatedUtterance } from './script.ts'
import type { ScriptBook } from './script-book.ts'
import { ScriptFollower, type ScriptWord } from './script-follower.ts'

export interface RecognizerSimulator {
  readonly log: RequestLog
  readonly profile: () => Profile
  readonly script: (connection: number) => readonly SimulatedUtterance[]
  readonly book?: ScriptBook
  readonly random: SeededRandom
  readonly apiKey: string
}

/** Deepgram's live protocol on `/v1/listen`, its turn events on `/v2/listen`; as far as a telephone needs them. */
export function createRecognizer(simulator: RecognizerSimulator): Server {
  const server = new Server((_request, response) => response.writeHead(405).end())
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  let connections = 0
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    if (request.headers.authorization !== `Token ${simulator.apiKey}`) {
      socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      connections += 1
      const isFlux = request.url?.startsWith('/v2/') === true
      if (isFlux) new FluxPeer(webSocket, connections, simulator).start()
      else new RecognitionPeer(webSocket, connections, simulator).start()
    })
  })
  return server
}

/** One call: follows the voice it receives through the script. */
class RecognitionPeer {
  private readonly socket: WebSocket
  private readonly connection: number
  private readonly simulator: RecognizerSimulator
  private readonly follower: ScriptFollower
  /** Heard since the last final. */
  private heard: ScriptWord[] = []
  /** Of them: on their way in a final. */
  private readonly asked = new WeakSet<ScriptWord>()
  private finalUntilMs = 0
  private isHeard = false

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
    this.socket.on('close', () => {
      log.asr(this.connection, 'closed', this.follower.turn)
      this.simulator.book?.close(this.connection, this.follower.turn)
    })
    this.socket.on('error', () => {})
  }

  private audio(data: RawData): void {
    if (!this.isHeard) this.simulator.book?.begin(this.connection)
    this.isHeard = true
    for (const event of this.follower.push(samplesOf(data))) {
      if (event.kind === 'onset') this.simulator.log.asr(this.connection, 'onset', event.turn)
      if (event.kind === 'word') this.hear(event.word)
    }
  }

  private hear(word: ScriptWord): void {
    const { log, profile, random } = this.simulator
    this.heard.push(word)
    log.asr(this.connection, 'wordHeard', word.turn, word.text)
    setTimeout(
      () => {
        const upTo = this.heard.indexOf(word)
        // Nothing to say when a final has said it.
        if (upTo >= 0) this.say(this.heard.slice(0, upTo + 1), 'partial')
      },
      Math.round(jittered(profile().partialMs, profile(), random)),
    )
  }

  private control(text: string): void {
    const { log, profile, random } = this.simulator
    const { type } = JSON.parse(text) as { type?: string }
    if (type === 'CloseStream') {
      this.say(this.heard, 'final')
      this.socket.send(JSON.stringify({ type: 'Metadata', request_id: String(this.connection) }))
      this.socket.close(1_000)
      return
    }
    if (type !== 'Finalize') return
    log.asr(this.connection, 'finalize', this.follower.turn)
    for (const event of this.follower.finish()) if (event.kind === 'word') this.hear(event.word)
    // Words that an earlier `Finalize` asked for come with its final, not twice.
    const words = this.heard.filter((word) => !this.asked.has(word))
    for (const word of words) this.asked.add(word)
    const untilMs = this.follower.positionMs
    setTimeout(
      () => {
        this.heard = this.heard.filter((word) => !words.includes(word))
        this.say(words, 'final', untilMs)
      },
      Math.round(jittered(profile().finalMs, profile(), random)),
    )
  }

  private say(heard: readonly ScriptWord[], kind: 'partial' | 'final', untilMs = this.follower.positionMs) {
    if (this.socket.readyState !== this.socket.OPEN) return
    const transcript = heard.map((word) => word.text).join(' ')
    const fromMs = this.finalUntilMs
    if (kind === 'final') this.finalUntilMs = untilMs
    const words = heard.map(({ text, endMs }) => ({
      word: text,
      punctuated_word: text,
      start: Math.max(fromMs, endMs - 80) / 1_000,
      end: endMs / 1_000,
      confidence: 0.98,
    }))
    this.simulator.log.asr(this.connection, kind, heard.at(-1)?.turn ?? this.follower.turn, transcript)
    this.socket.send(
      JSON.stringify({
        type: 'Results',
        channel_index: [0, 1],
        start: fromMs / 1_000,
        duration: (untilMs - fromMs) / 1_000,
        is_final: kind === 'final',
        speech_final: false,
        from_finalize: kind === 'final',
        channel: { alternatives: [{ transcript, confidence: 0.98, words }] },
      }),
    )
  }
}
