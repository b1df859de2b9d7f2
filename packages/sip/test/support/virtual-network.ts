import { silentLogger } from '@parley/core'
import { SeededRandom, type VirtualClock } from '@parley/testkit'
import { UserAgent } from '../../src/embedded/agent/user-agent.ts'
import { rfcTimers } from '../../src/embedded/transaction/timer-values.ts'
import type { DeliverBytes, Peer, SipTransport } from '../../src/embedded/transport/transport.ts'
import type { IncomingSipCall, OutgoingInvite, SipCallEvent, SipStackOwner } from '../../src/sip-stack.ts'
import { sdpOf } from './signalling-pair.ts'

/** An INVITE over UDP to `host`, from user 200 to user 100. */
export const inviteTo = (host: string, more: Partial<OutgoingInvite> = {}): OutgoingInvite => ({
  hop: { transport: 'udp', host, port: 5060 },
  requestUri: `sip:100@${host}:5060;transport=udp`,
  from: '<sip:200@caller.test>',
  to: `<sip:100@${host}>`,
  contactUser: '200',
  headers: [],
  sdp: sdpOf(4_000),
  ...more,
})

export interface Packet {
  readonly atMs: number
  readonly from: string
  readonly to: string
  readonly toPort: number
  readonly bytes: Buffer
  /** `INVITE`, `180 INVITE`, ... */
  readonly label: string
}

/** What happens to a packet: delays in ms, one per copy; none loses it. */
export type Fate = (packet: Packet, index: number) => readonly number[]

const latencyMs = 10

/** Datagrams between hosts of a test, carried by the virtual clock. */
export class VirtualNetwork {
  readonly sent: Packet[] = []
  fate: Fate = () => [latencyMs]
  private readonly clock: VirtualClock
  private readonly hosts = new Map<string, DeliverBytes>()

  constructor(clock: VirtualClock) {
    this.clock = clock
  }

  get labels(): string[] {
    return this.sent.map((packet) => packet.label)
  }

  /** Times at which `from` sent messages with that label. */
  timesOf(from: string, label: string): number[] {
    return this.sent.filter((packet) => packet.from === from && packet.label === label).map((packet) => packet.atMs)
  }

  attach(host: string, deliver: DeliverBytes): SipTransport {
    this.hosts.set(host, deliver)
    return {
      portOf: (transport) => (transport === 'udp' ? 5060 : undefined),
      send: (bytes, to) => this.carry(host, bytes, to),
      [Symbol.asyncDispose]: async () => void this.hosts.delete(host),
    }
  }

  private carry(from: string, bytes: Buffer, to: Peer): void {
    const packet = { atMs: this.clock.nowMs(), from, to: to.host, toPort: to.port, bytes, label: labelOf(bytes) }
    this.sent.push(packet)
    for (const delayMs of this.fate(packet, this.sent.length - 1)) {
      this.clock.setTimer(this.clock.nowMs() + delayMs, () => {
        this.hosts.get(to.host)?.(Buffer.from(bytes), { transport: 'udp', host: from, port: 5060 })
      })
    }
  }
}

export interface VirtualPhone {
  readonly agent: UserAgent
  readonly calls: IncomingSipCall[]
  /** Events of incoming calls. */
  readonly events: SipCallEvent[]
}

/** A user agent on the virtual network that answers by `onCall`. */
export async function openPhone(
  network: VirtualNetwork,
  clock: VirtualClock,
  host: string,
  onCall: (call: IncomingSipCall) => void = () => {},
  owner: Partial<SipStackOwner> = {},
): Promise<VirtualPhone> {
  const calls: IncomingSipCall[] = []
  const events: SipCallEvent[] = []
  const agent = await UserAgent.open({
    owner: {
      knowsSource: () => true,
      isDraining: () => false,
      onInvite(call) {
        calls.push(call)
        call.listen((event) => events.push(event))
        onCall(call)
      },
      ...owner,
    },
    clock,
    random: new SeededRandom(host.length * 7919 + host.charCodeAt(host.length - 1)),
    logger: silentLogger,
    timers: rfcTimers,
    userAgent: 'virtual',
    advertisedHost: host,
    openTransport: async (deliver) => network.attach(host, deliver),
  })
  return { agent, calls, events }
}

export function labelOf(bytes: Buffer): string {
  const text = bytes.toString('latin1')
  const first = text.slice(0, text.indexOf('\r\n'))
  const method = /^CSeq: \d+ (\S+)/m.exec(text)?.[1] ?? ''
  return first.startsWith('SIP/2.0') ? `${first.slice(8, 11)} ${method}` : method
}
