import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import type { Clock, Logger } from '@parley/core'
import { VoiceError } from '@parley/core'
import { matchNumber } from './number-format.ts'
import type { InboundAccount } from './sip-stack.ts'
import { numberOf, type TrunkConfig } from './trunk-config.ts'
import { revealed } from './trunk-credentials.ts'

const resolveEveryMs = 60_000

export type TrunkMatch =
  | { readonly kind: 'found'; readonly trunk: TrunkConfig; readonly number: string }
  /** `trunk`: the first that calls from there. */
  | { readonly kind: 'unknownNumber'; readonly trunk?: TrunkConfig }

/** All trunks, by name and by the addresses they call from. */
export class TrunkBook implements Disposable {
  private readonly trunks: readonly TrunkConfig[]
  private readonly fixed = new Map<TrunkConfig, BlockList>()
  private readonly resolved = new Map<TrunkConfig, ReadonlySet<string>>()
  private readonly clock: Clock
  private readonly logger: Logger
  private timer: Disposable | undefined
  private disposed = false

  /** @throws VoiceError CONFIG_INVALID */
  constructor(trunks: readonly TrunkConfig[], clock: Clock, logger: Logger) {
    this.trunks = trunks
    this.clock = clock
    this.logger = logger
    for (const trunk of trunks) {
      if (trunk.gateways.length === 0) throw invalid(`trunk ${trunk.name} has no gateway`)
      if (trunk.auth.kind !== 'none' && !trunk.auth.username) throw invalid(`trunk ${trunk.name} has no username`)
      this.fixed.set(trunk, sourcesOf(trunk))
    }
  }

  /** Looks up gateways given by name, now and then every minute. */
  async resolve(): Promise<void> {
    const named = this.trunks.filter((trunk) => trunk.gateways.some((gateway) => isIP(gateway.host) === 0))
    if (named.length === 0) return
    await Promise.all(named.map((trunk) => this.resolveTrunk(trunk)))
    if (this.disposed) return
    this.timer = this.clock.setTimer(this.clock.nowMs() + resolveEveryMs, () => void this.resolve())
  }

  find(name: string): TrunkConfig | undefined {
    return this.trunks.find((trunk) => trunk.name === name)
  }

  knowsSource(address: string): boolean {
    return this.trunks.some((trunk) => this.callsFrom(trunk, address))
  }

  /** Accounts of which a caller from that address has to prove one. Trunks that share an address share them. */
  inboundAccounts(source: string): readonly InboundAccount[] {
    return this.trunks.flatMap((trunk) => {
      const { inboundAuth } = trunk
      if (!inboundAuth || !this.callsFrom(trunk, source)) return []
      return [{ ...inboundAuth, password: revealed(inboundAuth.password) }]
    })
  }

  /**
   * The trunk of an incoming call: the source decides who may call, the number which of its trunks is meant. `account`:
   * proven by digest; a trunk with `inboundAuth` takes no other.
   */
  match(source: string, calledUsers: readonly string[], account?: string): TrunkMatch {
    const trunks = this.trunks.filter(
      (trunk) => this.callsFrom(trunk, source) && (!trunk.inboundAuth || trunk.inboundAuth.username === account),
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

  [Symbol.dispose](): void {
    this.disposed = true
    this.timer?.[Symbol.dispose]()
  }

  private callsFrom(trunk: TrunkConfig, address: string): boolean {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (this.resolved.get(trunk)?.has(address)) return true
    return this.fixed.get(trunk)?.check(address, family) ?? false
  }

  private async resolveTrunk(trunk: TrunkConfig): Promise<void> {
    const names = trunk.gateways.map((gateway) => gateway.host).filter((host) => isIP(host) === 0)
    const addresses = new Set<string>()
    for (const name of names) {
      try {
        for (const { address } of await lookup(name, { all: true })) addresses.add(address)
      } catch {
        // What was known before stays in force until the name resolves again.
        for (const address of this.resolved.get(trunk) ?? []) addresses.add(address)
        this.logger.warn('gateway name does not resolve', { trunk: trunk.name, gateway: name })
      }
    }
    this.resolved.set(trunk, addresses)
  }
}

function sourcesOf(trunk: TrunkConfig): BlockList {
  const list = new BlockList()
  for (const { host } of trunk.gateways) if (isIP(host) !== 0) list.addAddress(host, isIP(host) === 6 ? 'ipv6' : 'ipv4')
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
