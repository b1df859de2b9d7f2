import { randomUUID } from 'node:crypto'
import { type DialRequest, type InviteHandler, type LegEvent, legId, silentLogger } from '@parley/core'
import {
  createSignalling,
  type SignallingOptions,
  type SipSignalling,
  type TlsListenerOptions,
  type TrunkConfig,
} from '../../src/index.ts'
import { realClock, realRandom } from './real-clock.ts'

export const sdpOf = (port: number): string =>
  [
    'v=0',
    `o=- ${port} 1 IN IP4 127.0.0.1`,
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP 8 101`,
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=sendrecv',
    '',
  ].join('\r\n')

export const trunkTo = (
  port: number,
  more: Partial<TrunkConfig> = {},
  transport: 'udp' | 'tcp' | 'tls' = 'udp',
): TrunkConfig => ({
  name: 'carrier',
  gateways: [{ host: '127.0.0.1', port, transport }],
  auth: { kind: 'none' },
  numbers: ['+8675512345678'],
  ...more,
})

const decline: InviteHandler = async () => ({ kind: 'reject', status: 603, reason: 'Decline' })

/** A gateway on a free loopback port. */
export function openSignalling(
  trunks: readonly TrunkConfig[],
  onInvite: InviteHandler = decline,
  more: Partial<SignallingOptions> & { readonly tls?: TlsListenerOptions } = {},
): Promise<SipSignalling> {
  return createSignalling({
    trunks,
    bind: { host: '127.0.0.1', port: 0, transports: ['udp', 'tcp'], ...(more.tls && { tls: more.tls }) },
    onInvite,
    clock: realClock,
    random: realRandom,
    logger: silentLogger,
    userAgent: 'parley-test',
    ...more,
  })
}

export const dialRequest = (more: Partial<DialRequest> = {}): DialRequest => ({
  leg: legId(randomUUID()),
  trunk: 'carrier',
  caller: '+8675500000000',
  callee: '008613012345678',
  sdp: sdpOf(40_000),
  ...more,
})

/** Reads a leg and waits for its events, each wait bounded. */
export class LegReader {
  readonly seen: LegEvent[] = []
  done = false
  private readonly waiters = new Set<() => void>()

  constructor(events: AsyncIterable<LegEvent>) {
    void this.run(events)
  }

  get types(): string[] {
    return this.seen.map((event) => event.type)
  }

  async until<T extends LegEvent['type']>(type: T, deadlineMs = 8_000): Promise<Extract<LegEvent, { type: T }>> {
    const match = () => this.seen.find((event): event is Extract<LegEvent, { type: T }> => event.type === type)
    await this.wait(() => match() !== undefined || this.done, deadlineMs)
    const event = match()
    if (!event) throw new Error(`no ${type}; seen: ${JSON.stringify(this.seen)}`)
    return event
  }

  async end(deadlineMs = 8_000): Promise<readonly LegEvent[]> {
    await this.wait(() => this.done, deadlineMs)
    return this.seen
  }

  private async run(events: AsyncIterable<LegEvent>): Promise<void> {
    for await (const event of events) {
      this.seen.push(event)
      for (const wake of [...this.waiters]) wake()
    }
    this.done = true
    for (const wake of [...this.waiters]) wake()
  }

  private wait(ready: () => boolean, deadlineMs: number): Promise<void> {
    if (ready()) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!ready()) return
        clearTimeout(timer)
        this.waiters.delete(check)
        resolve()
      }
      const timer = setTimeout(() => {
        this.waiters.delete(check)
        reject(new Error(`waited ${deadlineMs} ms; seen: ${JSON.stringify(this.seen)}`))
      }, deadlineMs)
      this.waiters.add(check)
    })
  }
}
