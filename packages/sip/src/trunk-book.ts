import { BlockList, isIP } from 'node:net'
import { VoiceError } from '@parley/core'
import type { ClientCertificate, SourceGate } from './embedded/transport/transport.ts'
import type { GatewayPool } from './gateway-pool.ts'
import { matchNumber } from './number-format.ts'
import type { InboundAccount } from './sip-stack.ts'
import { checkReach } from './trunk-checks.ts'
import { numberOf, type SipTransportName, type TrunkConfig } from './trunk-config.ts'
import { revealed } from './trunk-credentials.ts'

/** Where an incoming call came from: an address literal, and how. */
export interface TrunkSource {
  readonly source: string
  readonly transport?: SipTransportName
}

export type TrunkMatch =
  | { readonly kind: 'found'; readonly trunk: TrunkConfig; readonly number: string }
  /** `trunk`: the first that calls from there. */
  | { readonly kind: 'unknownNumber'; readonly trunk?: TrunkConfig }

/** All trunks, by name and by the addresses they call from. */
export class TrunkBook implements SourceGate {
  private trunks: readonly TrunkConfig[] = []
  private fixed: ReadonlyMap<TrunkConfig, BlockList> = new Map()
  private readonly gateways: Pick<GatewayPool, 'isGateway'>

  /** @throws VoiceError CONFIG_INVALID */
  constructor(trunks: readonly TrunkConfig[], gateways: Pick<GatewayPool, 'isGateway'>) {
    this.gateways = gateways
    this.replace(trunks)
  }

  /** From now on these. Where several could be meant the first is. @throws VoiceError CONFIG_INVALID; nothing is changed then */
  replace(trunks: readonly TrunkConfig[]): void {
    const fixed = new Map<TrunkConfig, BlockList>()
    for (const trunk of trunks) {
      const known = this.fixed.get(trunk)
      if (!known) {
        checkReach(trunk)
        if (trunk.auth.kind !== 'none' && !trunk.auth.username) throw invalid(`trunk ${trunk.name} has no username`)
      }
      fixed.set(trunk, known ?? sourcesOf(trunk))
    }
    this.trunks = trunks
    this.fixed = fixed
  }

  find(name: string): TrunkConfig | undefined {
    return this.trunks.find((trunk) => trunk.name === name)
  }

  knowsSource(address: string, transport: SipTransportName): boolean {
    return this.trunks.some((trunk) => this.callsFrom(trunk, address, transport))
  }

  /** Of an address whose trunks require certificates, one that satisfies any of these trunks is needed. */
  acceptsCertificate(address: string, certificate: ClientCertificate | undefined): boolean {
    const callers = this.trunks.filter((trunk) => this.callsFrom(trunk, address, 'tls'))
    const strict = callers.filter((trunk) => trunk.tls?.clientCertificate === 'required')
    if (strict.length === 0) return callers.length > 0
    if (!certificate) return false
    return strict.some(({ tls }) => tls?.clientName === undefined || certificate.isFor(tls.clientName))
  }

  /**
   * Accounts of which a caller from that address has to prove one. Trunks that share an address share them; of several owners
   * the one whose trunk came first has the say, so that nobody can shut another's carrier out.
   */
  inboundAccounts(source: string, transport?: SipTransportName): readonly InboundAccount[] {
    const callers = this.trunks.filter((trunk) => this.callsFrom(trunk, source, transport))
    return callers.flatMap(({ inboundAuth, owner }) => {
      if (!inboundAuth || owner !== callers[0]?.owner) return []
      return [{ ...inboundAuth, password: revealed(inboundAuth.password) }]
    })
  }

  /**
   * The trunk of an incoming call: the source decides who may call, the number which of its trunks is meant. `account`:
   * proven by digest; a trunk with `inboundAuth` takes no other.
   */
  match(from: TrunkSource, calledUsers: readonly string[], account?: string): TrunkMatch {
    const trunks = this.trunks.filter(
      (trunk) =>
        this.callsFrom(trunk, from.source, from.transport) &&
        (!trunk.inboundAuth || trunk.inboundAuth.username === account),
    )
    for (const called of calledUsers) {
      for (const trunk of trunks) {
        const number = matchNumber(called, trunk.numbers.map(numberOf))
        if (number !== undefined) return { kind: 'found', trunk, number }
      }
    }
    // A registered account with one number is called by its account name.
    for (const trunk of trunks) {
      const [only, ...more] = trunk.numbers
      const { kind, username = '', account = username } = trunk.auth
      const byAccount = kind === 'register' && calledUsers.includes(account)
      if (byAccount && only !== undefined && more.length === 0) return { kind: 'found', trunk, number: numberOf(only) }
    }
    const [first] = trunks
    return { kind: 'unknownNumber', ...(first && { trunk: first }) }
  }

  private callsFrom(trunk: TrunkConfig, address: string, transport: SipTransportName | undefined): boolean {
    // Anybody can write the source address of a datagram; a certificate is not so easily had.
    if (trunk.tls?.clientCertificate === 'required' && transport !== 'tls') return false
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (this.gateways.isGateway(trunk, address)) return true
    return this.fixed.get(trunk)?.check(address, family) ?? false
  }
}

function sourcesOf(trunk: TrunkConfig): BlockList {
  const list = new BlockList()
  for (const source of trunk.allowedSources ?? []) {
    const [address = '', bits] = source.split('/')
    const version = isIP(address)
    const length = Number(bits ?? (version === 6 ? 128 : 32))
    if (version === 0 || !(length >= 0 && length <= (version === 6 ? 128 : 32))) {
      throw invalid(`trunk ${trunk.name}: ${source} is no address or range`)
    }
    list.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

const invalid = (detail: string) => new VoiceError('CONFIG_INVALID', { detail })
