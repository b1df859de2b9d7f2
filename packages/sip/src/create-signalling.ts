import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Clock, InviteHandler, Logger, Random, Signalling } from '@parley/core'
import { UserAgent } from './embedded/agent/user-agent.ts'
import { rfcTimers } from './embedded/transaction/timer-values.ts'
import { SocketTransport } from './embedded/transport/socket-transport.ts'
import { type DeliverBytes, peerKey } from './embedded/transport/transport.ts'
import type { NumberPolicy } from './ladder/mask-message.ts'
import { MessageLog } from './ladder/message-log.ts'
import { TappedTransport } from './ladder/tapped-transport.ts'
import type { SipStackCounters } from './sip-stack.ts'
import { TrunkBook } from './trunk-book.ts'
import type { TrunkConfig } from './trunk-config.ts'
import { credentialsOf } from './trunk-credentials.ts'
import { TrunkSignalling } from './trunk-signalling.ts'

export interface SignallingOptions {
  readonly trunks: readonly TrunkConfig[]
  /** `port` 0: any free port, the same for UDP and TCP. */
  readonly bind: { readonly host: string; readonly port: number; readonly transports: readonly ('udp' | 'tcp')[] }
  /** Address in Via and Contact. Default: the bind address, or this machine's first one when bound to all. */
  readonly advertisedHost?: string
  readonly onInvite: InviteHandler
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Whether the SIP messages of calls are kept for support, and what of the numbers in them. Default `masked`. */
  readonly ladder?: 'off' | NumberPolicy
  /** Value of User-Agent and Server. */
  readonly userAgent: string
}

/** Signalling with what the process around it needs. Disposing hangs up every leg within 2 s. */
export interface SipSignalling extends Signalling {
  /** Port of the first transport in `bind.transports`. */
  readonly localPort: number
  readonly localPorts: { readonly udp?: number; readonly tcp?: number }
  /** Host in our Via and Contact. */
  readonly advertisedHost: string
  readonly counters: SipStackCounters
  readonly liveLegs: number
  /** Refuses new incoming calls with 503 from now on; live calls go on. */
  drain(): void
}

/**
 * Opens the SIP gateway on its sockets and starts the registrations.
 * @throws VoiceError CONFIG_INVALID; the bind error of the operating system
 */
export async function createSignalling(options: SignallingOptions): Promise<SipSignalling> {
  const { clock, random, logger, bind } = options
  const trunks = new TrunkBook(options.trunks, clock, logger)
  const { ladder = 'masked' } = options
  const messages = ladder === 'off' ? undefined : new MessageLog(ladder)
  const signalling = new TrunkSignalling({
    trunks,
    onInvite: options.onInvite,
    clock,
    random,
    logger,
    ...(messages ? { messages } : {}),
  })
  const advertisedHost = options.advertisedHost ?? hostFor(bind.host)
  const stack = await UserAgent.open({
    owner: signalling,
    clock,
    random,
    logger,
    timers: rfcTimers,
    userAgent: options.userAgent,
    advertisedHost,
    openTransport: async (deliver) => {
      const receive: DeliverBytes = (bytes, source) => {
        if (trunks.knowsSource(source.host)) messages?.record(bytes, false, peerKey(source), clock.wallMs())
        deliver(bytes, source)
      }
      const sockets = await SocketTransport.open(bind, receive, (address) => trunks.knowsSource(address))
      if (!messages) return sockets
      return new TappedTransport(sockets, (bytes, peer) => messages.record(bytes, true, peer, clock.wallMs()))
    },
  })
  signalling.attach(stack)
  await trunks.resolve()
  for (const trunk of options.trunks) {
    const credentials = trunk.auth.kind === 'register' ? credentialsOf(trunk) : undefined
    if (!credentials) continue
    const domain = trunk.fromDomain ?? trunk.gateways[0]?.host ?? ''
    const { account = credentials.username, expiresS = 300 } = trunk.auth
    stack.register({ gateways: trunk.gateways, domain, account, credentials, expiresS })
  }
  const udp = stack.portOf('udp')
  const tcp = stack.portOf('tcp')
  return Object.assign(signalling, {
    localPort: (bind.transports[0] === 'tcp' ? tcp : udp) ?? 0,
    localPorts: { ...(udp === undefined ? {} : { udp }), ...(tcp === undefined ? {} : { tcp }) },
    advertisedHost,
  })
}

function hostFor(bindHost: string): string {
  if (bindHost !== '0.0.0.0' && bindHost !== '::') return bindHost
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const usable = addresses.find((entry) => !entry.internal && isIP(entry.address) === 4)
  return usable?.address ?? '127.0.0.1'
}
