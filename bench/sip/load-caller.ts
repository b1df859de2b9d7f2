import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { monotonicNs, nsPerMs } from '../monotonic.ts'

/** A call that was answered. */
export interface AnsweredCall {
  /** First INVITE to 200, ms. */
  readonly answerMs: number
  /** When the INVITE left and when the 200 came, monotonic ns. */
  readonly fromNs: number
  readonly toNs: number
  /** Port of the other side's audio; 0 when its description names none. */
  readonly mediaPort: number
  /** Sends BYE. @throws Error when it is not answered within 32 s */
  hangup(): Promise<void>
}

interface Open {
  onResponse(status: number, text: string): void
}

const firstRepeatMs = 500
const giveUpMs = 32_000

/**
 * Many callers on one UDP socket: INVITE, ACK, BYE and their repeats, and nothing more. Shares no code with the engine.
 */
export class LoadCaller implements AsyncDisposable {
  /** Requests that had to be sent again. */
  repeats = 0
  private readonly socket: Socket
  private readonly host: string
  private readonly open = new Map<string, Open>()
  private readonly run = Math.random().toString(36).slice(2)
  private count = 0

  private constructor(socket: Socket, host: string) {
    this.socket = socket
    this.host = host
    socket.on('message', (bytes) => this.receive(bytes.toString('latin1')))
    // A gateway that is gone shows as calls that are not answered.
    socket.on('error', () => {})
  }

  /** Calls `127.0.0.1:port`. */
  static async open(port: number): Promise<LoadCaller> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 22 })
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    socket.connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new LoadCaller(socket, `127.0.0.1:${socket.address().port}`)
  }

  /** @throws Error when the call is refused, or not answered within 32 s */
  async call(number: string, audioPort: number): Promise<AnsweredCall> {
    this.count += 1
    const id = `${this.run}-${this.count}`
    const from = `<sip:8613900000000@${this.host}>;tag=${id}`
    const head = (method: string, seq: number, to: string, branch: string) =>
      [
        `${method} sip:${number}@127.0.0.1 SIP/2.0`,
        `Via: SIP/2.0/UDP ${this.host};branch=${branch};rport`,
        `From: ${from}`,
        `To: ${to}`,
        `Call-ID: ${id}`,
        `CSeq: ${seq} ${method}`,
        'Max-Forwards: 70',
        `Contact: <sip:load@${this.host}>`,
      ].join('\r\n')
    const offer = offerOf(audioPort)
    const branch = `z9hG4bK${id}`
    const invite = `${head('INVITE', 1, `<sip:${number}@127.0.0.1>`, branch)}\r\nContent-Type: application/sdp\r\nContent-Length: ${offer.length}\r\n\r\n${offer}`
    const fromNs = monotonicNs()
    const answer = await this.request(`${id} INVITE`, invite)
    const toNs = monotonicNs()
    const to = /^(?:To|t): *(.*)\r$/im.exec(answer)?.[1] ?? ''
    this.socket.send(`${head('ACK', 1, to, `${branch}ack`)}\r\nContent-Length: 0\r\n\r\n`)
    return {
      answerMs: (toNs - fromNs) / nsPerMs,
      fromNs,
      toNs,
      mediaPort: Number(/^m=audio (\d+)/m.exec(answer)?.[1] ?? 0),
      hangup: async () => {
        await this.request(`${id} BYE`, `${head('BYE', 2, to, `${branch}bye`)}\r\nContent-Length: 0\r\n\r\n`)
      },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.socket.close(() => resolve()))
  }

  /** Sends, and again until something comes back; gives the 2xx. */
  private request(key: string, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout
      const settle = (act: () => void) => {
        clearTimeout(timer)
        clearTimeout(watchdog)
        this.open.delete(key)
        act()
      }
      const repeatAfter = (ms: number) => {
        timer = setTimeout(() => {
          this.repeats += 1
          this.socket.send(text)
          repeatAfter(ms * 2)
        }, ms)
      }
      const watchdog = setTimeout(() => settle(() => reject(new Error(`${key} was not answered`))), giveUpMs)
      this.open.set(key, {
        onResponse(status, response) {
          if (status < 200) clearTimeout(timer)
          else if (status < 300) settle(() => resolve(response))
          else settle(() => reject(new Error(`${key} was answered with ${status}`)))
        },
      })
      repeatAfter(firstRepeatMs)
      this.socket.send(text)
    })
  }

  private receive(text: string): void {
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0)
    const id = /^Call-ID: *(.*)\r$/im.exec(text)?.[1]
    const method = /^CSeq: *\d+ (\S+)\r$/im.exec(text)?.[1]
    // What the other side asks of us (a BYE of its own) shows as a hangup that gets 481.
    if (status > 0) this.open.get(`${id} ${method}`)?.onResponse(status, text)
  }
}

const offerOf = (port: number) =>
  `v=0\r\no=load 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=ptime:20\r\n`
