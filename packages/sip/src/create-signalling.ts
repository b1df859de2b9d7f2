import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Clock, InviteHandler, Logger, Random, Signalling } from '@parley/core'
import { DrachtioStack, type DrachtioStackOptions } from './drachtio/drachtio-stack.ts'
import { checkTrunks } from './drachtio/trunk-limits.ts'
import { UserAgent } from './embedded/agent/user-agent.ts'
import { rfcTimers } from './embedded/transaction/timer-values.ts'
import { type BindAddress, SocketTransport } from './embedded/transport/socket-transport.ts'
import { type DeliverBytes, peerAddress } from './embedded/transport/transport.ts'
import type { GatewayState } from './gateway-health.ts'
import { GatewayPool } from './gateway-pool.ts'
import type { RefusalCounts } from './inbound-calls.ts'
import type { NumberPolicy } from './ladder/mask-message.ts'
import { MessageLog } from './ladder/message-log.ts'
import { TappedTransport } from './ladder/tapped-transport.ts'
import type { PhoneAccount, PhoneState } from './phones/phone-account.ts'
import { PhoneBook } from './phones/phone-book.ts'
import type { DnsPort } from './resolve/dns-port.ts'
import { nodeDns } from './resolve/node-dns.ts'
import type { SipStackCounters } from './sip-stack.ts'
import { TrunkBook } from './trunk-book.ts'
import type { TrunkConfig } from './trunk-config.ts'
import { type RegistrationState, TrunkRegistrations } from './trunk-registrations.ts'
import { TrunkSignalling } from './trunk-signalling.ts'

/** Where carriers reach us over TLS. Files are PEM; a certificate that was renewed serves from the next connection on. */
export interface TlsListenerOptions {
  /** 0: any free port. */
  readonly port: number
  readonly certFile: string
  readonly keyFile: string
  /** CAs of client certificates, besides those of the trunks. */
  readonly caFile?: string
}

export interface SignallingOptions {
  readonly trunks: readonly TrunkConfig[]
  /** `port` 0: any free port, the same for UDP and TCP. */
  readonly bind: {
    readonly host: string
    readonly port: number
    readonly transports: readonly ('udp' | 'tcp')[]
    readonly tls?: TlsListenerOptions
  }
  /** Drachtio-servers do the SIP; `bind` is not used then. */
  readonly drachtio?: Pick<DrachtioStackOptions, 'servers' | 'listen'>
  /** Address in Via and Contact. Default: the bind address, or this machine's first one when bound to all. */
  readonly advertisedHost?: string
  /** Default: the name servers of this machine. */
  readonly dns?: DnsPort
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
  readonly localPorts: { readonly udp?: number; readonly tcp?: number; readonly tls?: number }
  /** Host in our Via and Contact. */
  readonly advertisedHost: string
  readonly counters: SipStackCounters
  readonly refusals: RefusalCounts
  readonly liveLegs: number
  /** Every address of a gateway that was tried or asked, for metrics and health. */
  gatewayStates(): readonly GatewayState[]
  /**
   * From now on these trunks. One that is the same object as before goes on undisturbed; calls that run end on the trunk they
   * began with. Resolves when names were looked up and the new trunks serve.
   * @throws VoiceError CONFIG_INVALID; nothing is changed then
   */
  replaceTrunks(trunks: readonly TrunkConfig[]): Promise<void>
  /**
   * From now on these telephones may register, over UDP with the embedded stack. One that is gone, or has another password, is
   * not registered any more.
   */
  replacePhones(accounts: readonly PhoneAccount[]): void
  /** Of a telephone as this process sees it. */
  phoneState(user: string, domain: string): PhoneState
  /** Undefined: there is no such trunk, or it does not register. */
  registrationOf(trunk: string): RegistrationState | undefined
  /** Refuses new incoming calls with 503 from now on; live calls go on. */
  drain(): void
}

/**
 * Opens the SIP gateway on its sockets and starts the registrations.
 * @throws VoiceError CONFIG_INVALID; the bind error of the operating system
 */
export async function createSignalling(options: SignallingOptions): Promise<SipSignalling> {
  const { clock, random, logger, bind } = options
  if (options.drachtio) checkTrunks(options.trunks, logger)
  const gateways = new GatewayPool(options.trunks, { dns: options.dns ?? nodeDns(), clock, random, logger })
  const trunks = new TrunkBook(options.trunks, gateways)
  const { ladder = 'masked' } = options
  const messages = ladder === 'off' ? undefined : new MessageLog(ladder, clock)
  const phones = new PhoneBook(clock)
  const signalling = new TrunkSignalling({
    trunks,
    phones,
    gateways,
    onInvite: options.onInvite,
    clock,
    random,
    logger,
    ...(messages ? { messages } : {}),
  })
  const advertisedHost = options.advertisedHost ?? hostFor(bind.host)
  const common = { owner: signalling, clock, random, logger, userAgent: options.userAgent }
  const stack = options.drachtio
    ? await DrachtioStack.open({
        ...common,
        ...options.drachtio,
        realm: advertisedHost,
        onMessage: (bytes, sent, peer) => messages?.record(bytes, sent, peer, clock.wallMs()),
      })
    : await UserAgent.open({
        ...common,
        timers: rfcTimers,
        advertisedHost,
        openTransport: async (deliver) => {
          const receive: DeliverBytes = (bytes, source) => {
            if (trunks.knowsSource(source.host, source.transport) || phones.isAt(source.host, source.port))
              messages?.record(bytes, false, peerAddress(source), clock.wallMs())
            deliver(bytes, source)
          }
          const sockets = await SocketTransport.open(bindOf(options), receive, trunks, clock)
          if (!messages) return sockets
          return new TappedTransport(sockets, (bytes, peer) => messages.record(bytes, true, peer, clock.wallMs()))
        },
      })
  signalling.attach(stack)
  await gateways.start(stack)
  const registrations = new TrunkRegistrations(stack, gateways, (name) => trunks.find(name))
  registrations.apply(options.trunks)
  let replacing: Promise<void> = Promise.resolve()
  const replaceTrunks = (next: readonly TrunkConfig[]): Promise<void> => {
    const replace = async () => {
      if (options.drachtio) checkTrunks(next, logger)
      await gateways.replace(next, stack, () => trunks.replace(next))
      registrations.apply(next)
    }
    // One after another; a set that is refused does not keep the next one out.
    replacing = replacing.then(replace, replace)
    return replacing
  }
  const udp = stack.portOf('udp')
  const tcp = stack.portOf('tcp')
  const tls = stack.portOf('tls')
  return Object.assign(signalling, {
    localPort: (bind.transports[0] === 'tcp' ? tcp : udp) ?? 0,
    localPorts: {
      ...(udp === undefined ? {} : { udp }),
      ...(tcp === undefined ? {} : { tcp }),
      ...(tls === undefined ? {} : { tls }),
    },
    advertisedHost,
    replaceTrunks,
    registrationOf: (name: string) => registrations.stateOf(name),
    replacePhones: (accounts: readonly PhoneAccount[]) => phones.replace(accounts),
    phoneState: (user: string, domain: string) => phones.stateOf(user, domain),
  })
}

function bindOf({ bind: { tls, ...plain }, trunks }: SignallingOptions): BindAddress {
  if (!tls) return plain
  const strict = trunks.flatMap((trunk) => (trunk.tls?.clientCertificate === 'required' ? [trunk.tls] : []))
  const clientCaFiles = [tls.caFile, ...strict.map(({ caFile }) => caFile)].filter((file) => file !== undefined)
  return { ...plain, tls: { ...tls, clientCaFiles, asksCertificate: strict.length > 0 } }
}

function hostFor(bindHost: string): string {
  if (bindHost !== '0.0.0.0' && bindHost !== '::') return bindHost
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const usable = addresses.find((entry) => !entry.internal && isIP(entry.address) === 4)
  return usable?.address ?? '127.0.0.1'
}
