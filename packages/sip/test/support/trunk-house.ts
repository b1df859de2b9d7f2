import { type IncomingInvite, type InviteHandler, silentLogger } from '@parley/core'
import { SeededRandom, VirtualClock } from '@parley/testkit'
import { UserAgent } from '../../src/embedded/agent/user-agent.ts'
import { rfcTimers } from '../../src/embedded/transaction/timer-values.ts'
import { GatewayPool } from '../../src/gateway-pool.ts'
import { PhoneBook } from '../../src/phones/phone-book.ts'
import { TrunkBook } from '../../src/trunk-book.ts'
import type { TrunkConfig } from '../../src/trunk-config.ts'
import { TrunkSignalling } from '../../src/trunk-signalling.ts'
import { ScriptedPeer } from './scripted-peer.ts'
import { TableDns } from './table-dns.ts'
import { VirtualNetwork } from './virtual-network.ts'

export const carrierHost = '192.0.2.1'

export interface InviteFields {
  readonly uri?: string
  readonly to?: string
  readonly from?: string
  readonly headers?: readonly string[]
  readonly sipCallId?: string
}

export interface TrunkHouse {
  readonly clock: VirtualClock
  readonly network: VirtualNetwork
  readonly signalling: TrunkSignalling
  readonly phones: PhoneBook
  /** What reached the handler. */
  readonly offered: readonly IncomingInvite[]
  readonly carrier: ScriptedPeer
  peer(host: string): ScriptedPeer
  /** Sends an INVITE and lets 30 ms pass; returns the statuses that came back for it. */
  invite(fields?: InviteFields, from?: ScriptedPeer): Promise<readonly number[]>
}

/** A gateway with its trunks on the virtual network, and a carrier who says what a test tells it to. */
export async function openTrunkHouse(trunks: readonly TrunkConfig[], decide: InviteHandler): Promise<TrunkHouse> {
  const clock = new VirtualClock()
  const network = new VirtualNetwork(clock)
  const random = new SeededRandom(5)
  const offered: IncomingInvite[] = []
  const phones = new PhoneBook(clock)
  const gateways = new GatewayPool(trunks, { dns: new TableDns(), clock, random, logger: silentLogger })
  const signalling = new TrunkSignalling({
    trunks: new TrunkBook(trunks, gateways),
    gateways,
    phones,
    onInvite: (invite, signal) => {
      offered.push(invite)
      return decide(invite, signal)
    },
    clock,
    random,
    logger: silentLogger,
  })
  signalling.attach(
    await UserAgent.open({
      owner: signalling,
      clock,
      random,
      logger: silentLogger,
      timers: rfcTimers,
      userAgent: 'parley-test',
      advertisedHost: 'us.test',
      openTransport: async (deliver) => network.attach('us.test', deliver),
    }),
  )
  const carrier = new ScriptedPeer(network, carrierHost, 'us.test')
  let calls = 0
  return {
    clock,
    network,
    signalling,
    phones,
    offered,
    carrier,
    peer: (host) => new ScriptedPeer(network, host, 'us.test'),
    async invite(fields = {}, from = carrier) {
      calls += 1
      const {
        uri = 'sip:+8675512345678@us.test',
        to = '<sip:+8675512345678@us.test>',
        sipCallId = `in-${calls}`,
      } = fields
      from.sendLines(
        `INVITE ${uri} SIP/2.0`,
        `Via: SIP/2.0/UDP peer.test:5060;branch=z9hG4bK-in-${calls}`,
        `From: ${fields.from ?? '<sip:+8613900000001@peer.test>'};tag=in-${calls}`,
        `To: ${to}`,
        `Call-ID: ${sipCallId}`,
        'CSeq: 1 INVITE',
        'Contact: <sip:caller@peer.test>',
        ...(fields.headers ?? []),
      )
      await clock.advance(30)
      return from.received.flatMap((message) =>
        message.kind === 'response' && message.headers.get('call-id') === sipCallId ? [message.status] : [],
      )
    },
  }
}
